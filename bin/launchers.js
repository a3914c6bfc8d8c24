import { readFileSync } from 'node:fs'

/** How often is looked whether the launchers are still there. */
const lookEveryMs = 500

/** npm, its shell, and one more for a wrapper. */
const mostLaunchers = 3

/**
 * Calls `leftBehind` once when npm, or the shell that npm runs a script in, has ended: npm passes a signal on to that shell
 * only, and the shell to nobody. Does nothing where npm did not start this process.
 */
export function watchLaunchers(leftBehind) {
  if (process.env.npm_lifecycle_event === undefined) return
  const links = linksToNpm(process.pid)
  const timer = setInterval(() => {
    if (links.every(({ pid, parent }) => parentOf(pid) === parent)) return
    clearInterval(timer)
    leftBehind()
  }, lookEveryMs)
  timer.unref()
}

/**
 * Who started whom, from `pid` up to npm: an ended launcher's child gets another parent. The first link alone where npm is
 * not found above: who started npm may end.
 */
function linksToNpm(pid) {
  const links = [{ pid, parent: parentOf(pid) }]
  for (let above = links[0].parent; links.length <= mostLaunchers && above > 1; above = parentOf(above)) {
    if (isNpm(above)) return links
    links.push({ pid: above, parent: parentOf(above) })
  }
  return links.slice(0, 1)
}

/** The parent's id; undefined for an ended process, and for another one than this where there is no /proc. Source: proc(5). */
function parentOf(pid) {
  if (pid === process.pid) return process.ppid
  const stat = readText(`/proc/${pid}/stat`)
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** `npm run emulator` (npm names itself so) or `node .../npm-cli.js run emulator`. */
function isNpm(pid) {
  const command = readText(`/proc/${pid}/cmdline`).split('\0').join(' ')
  return /^npm\b|^\S*node\S* \S*npm-cli\.js\b/.test(command)
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // No such process, or a system without /proc.
    return ''
  }
}
