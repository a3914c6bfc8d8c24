import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** How a part of the stack is started: a file of the project that prints one JSON line when it is ready. */
export type ChildOptions = {
  name: string
  file: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
  /** What it prints beside the ready line is appended there. */
  logFile: string
  readyMs: number
  /** Called as soon as the process exists. */
  onSpawn(child: ChildProcess): void
}

/** Starts a part on this Node and waits for its ready line, which it answers decoded. Throws with its last words if it ends first or takes too long. */
export async function startChild(options: ChildOptions): Promise<{ child: ChildProcess; ready: unknown }> {
  const log = openSync(options.logFile, 'a', 0o600)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', options.file, ...options.args],
    { stdio: ['ignore', 'pipe', log], detached: true, env: { ...process.env, ...options.env } },
  )
  closeSync(log)
  options.onSpawn(child)
  try {
    return { child, ready: await readyLine(child, options) }
  } catch (error) {
    child.kill('SIGTERM')
    throw error
  }
}

/** The first line on stdout that is a JSON object; later lines are read away. */
function readyLine(child: ChildProcess, options: ChildOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) =>
      reject(new Error(`Cannot start ${options.name}: ${what}${lastWords(options.logFile)}`))
    const timer = setTimeout(() => fail(`not ready after ${options.readyMs / 1000} s`), options.readyMs)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      fail(`it ended with ${signal ?? `code ${code}`}`)
    })
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return
      clearTimeout(timer)
      resolve(JSON.parse(line))
    })
  })
}

/** The last lines of a log file, for an error message; empty when there are none, or the file is gone. */
export function lastWords(logFile: string, lines = 5): string {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd() : ''
  return text === '' ? '' : `:\n${text.split('\n').slice(-lines).join('\n')}`
}

/** Whether the process is over. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Ends a child with SIGTERM and waits; after `killAfterMs` (where given) with SIGKILL. */
export async function stopChild(child: ChildProcess, killAfterMs?: number): Promise<void> {
  if (hasExited(child)) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  await exited
  clearTimeout(timer)
}
