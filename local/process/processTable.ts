import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that can be told from a later one with the same id: `startedAt` is opaque text. */
export type ProcessMark = { pid: number; startedAt: string }

/** A running process; `command` is its arguments joined by blanks, `parentPid` who started it. */
export type RunningProcess = ProcessMark & { command: string; parentPid: number }

/** Looks a process up by its id; `undefined` when there is none (or only a zombie). */
export type ReadProcess = (pid: number) => RunningProcess | undefined

/** The system's own process table: `/proc` on Linux, `ps` elsewhere (macOS). */
export const readProcess: ReadProcess = (pid) =>
  process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid)

/** This process, as a mark. */
export function markOf(pid: number, read: ReadProcess = readProcess): ProcessMark {
  return { pid, startedAt: read(pid)?.startedAt ?? 'unknown' }
}

/** Whether the marked process (not a later one with its id) still runs. */
export function isRunning(mark: ProcessMark, read: ReadProcess = readProcess): boolean {
  return read(mark.pid)?.startedAt === mark.startedAt
}

/**
 * The process `pid` and those above it, up to npm (a shell stands between); `pid` alone when npm did not start it.
 * When one of them is gone, what they started was left behind. Pure but for `read`.
 */
export function launchersOf(pid: number, read: ReadProcess = readProcess): ProcessMark[] {
  const chain: RunningProcess[] = []
  for (
    let next = read(pid);
    next !== undefined && chain.length < mostLaunchers;
    next = read(next.parentPid)
  ) {
    chain.push(next)
    if (isNpm(next.command)) return chain.map(toMark)
  }
  return chain.slice(0, 1).map(toMark)
}

/** `npm start` (npm names itself so) or `node .../npm-cli.js start`. */
function isNpm(command: string): boolean {
  return /^npm\b|^\S*node\S* \S*npm-cli\.js\b/.test(command)
}

/** The launcher, a shell, npm; one more for a wrapper. */
const mostLaunchers = 4

const toMark = ({ pid, startedAt }: RunningProcess): ProcessMark => ({ pid, startedAt })

/** Fields 3 (state), 4 (parent) and 22 (start in clock ticks since boot) of /proc/PID/stat, counted behind the name in brackets. Source: proc(5). */
export function parseProcStat(stat: string): { state: string; parentPid: number; startTicks: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', parentPid: Number(fields[1]), startTicks: fields[19] ?? '' }
}

function readFromProc(pid: number): RunningProcess | undefined {
  try {
    const { state, parentPid, startTicks } = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (state === 'Z' || state === 'X') return undefined
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { pid, parentPid, startedAt: `${boot}-${startTicks}`, command }
  } catch {
    // No such process, or it ended between two reads.
    return undefined
  }
}

/** A line of `ps -o ppid=,stat=,lstart=,args=`: `1 S  Sat Nov 21 10:30:18 2026 node main.ts`. */
export function parsePsLine(pid: number, line: string): RunningProcess | undefined {
  const match = /^(\d+)\s+(\S+)\s+(\S+ \S+\s+\d+ [\d:]+ \d{4})\s+(.*)$/.exec(line.trim())
  if (match === null || match[2]?.startsWith('Z')) return undefined
  return { pid, parentPid: Number(match[1]), startedAt: match[3] ?? '', command: match[4] ?? '' }
}

function readFromPs(pid: number): RunningProcess | undefined {
  try {
    const line = execFileSync('ps', ['-ww', '-o', 'ppid=,stat=,lstart=,args=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    return parsePsLine(pid, line)
  } catch {
    // ps ends with 1 when there is no such process.
    return undefined
  }
}
