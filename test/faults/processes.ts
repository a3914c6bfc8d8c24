import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { hasExited, stopChild } from '../../local/process/child.ts'
import { parseProcStat } from '../../local/process/processTable.ts'

/** A process that is ended and started again, one thing at a time. */
export type Part = {
  name: string
  /** Starts it; again and again until it is ready, since what it needs may be down at the moment. */
  start(): Promise<void>
  /** kill -9; answers whether it ran. */
  kill(): Promise<boolean>
  /** SIGTERM; waits until it is over. */
  stop(): Promise<void>
  /** SIGTERM or kill -9, for good: it starts no more. */
  close(how: 'stop' | 'kill'): Promise<void>
  pid(): number | undefined
  /** How often it has ended by itself. */
  ownEnds(): number
}

const mostStarts = 20

/**
 * A part that `launch` starts: it calls `onSpawn` with the process and resolves when that is ready. One that ends by itself
 * is started again, and counted.
 */
export function createPart(
  name: string,
  launch: (onSpawn: (child: ChildProcess) => void) => Promise<unknown>,
  print: (line: string) => void,
): Part {
  let child: ChildProcess | undefined
  let isMeant = true
  let isClosed = false
  let ownEnds = 0
  let starting: Promise<void> | undefined
  const watch = (spawned: ChildProcess) => {
    child = spawned
    spawned.once('exit', (code, signal) => {
      if (isMeant || child !== spawned) return
      isMeant = true
      ownEnds += 1
      print(`${name} ended by itself with ${signal ?? `code ${code}`}`)
      start().catch((error: unknown) => print(firstLine(error)))
    })
  }
  const running = () => (child === undefined || hasExited(child) ? undefined : child)
  const end = async (how: () => Promise<void>) => {
    isMeant = true
    const wasRunning = running() !== undefined
    if (wasRunning) await how()
    return wasRunning
  }
  const startUntilReady = async () => {
    for (let starts = 1; running() === undefined && !isClosed; starts++) {
      try {
        await launch(watch)
        isMeant = false
      } catch (error) {
        if (starts === mostStarts || isClosed) throw error
        print(`${name} does not start yet: ${firstLine(error)}`)
        await delay(500)
      }
    }
  }
  const start = () => {
    starting ??= startUntilReady().finally(() => {
      starting = undefined
    })
    return starting
  }
  const kill = () => end(() => killNow(running()))
  const stop = async () => void (await end(() => stopChild(running() as ChildProcess)))
  return {
    name,
    pid: () => running()?.pid,
    ownEnds: () => ownEnds,
    ...{ kill, stop, start },
    async close(how) {
      isClosed = true
      await (how === 'kill' ? kill() : stop())
    },
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
}

async function killNow(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
}

/** The processes that `pid` has started, from /proc (Linux only; elsewhere none are found). */
export function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid)
}

function parentOf(pid: number): number | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).parentPid
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
