import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runCli } from '../../cli/runCli.ts'

/** What a command line answered. */
export type Ended = { exitCode: number; stdout: string; stderr: string }

/** How it is run: the environment, the clock in epoch milliseconds, Ctrl-C, and a terminal of so many columns. */
export type RunOptions = {
  env?: Record<string, string>
  nowMs?: number
  signal?: AbortSignal
  columns?: number
  /** Instead of waiting a few milliseconds between two looks. */
  pause?: () => Promise<void>
}

/** Runs `retrain` in this process, without a terminal unless `columns` is given; the local stack is that of RETRAIN_STACK. */
export async function runLine(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = {}, nowMs, columns } = options
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => ({
    isTTY: columns !== undefined,
    columns,
    write: (text: string) => {
      written[name] += text
      return true
    },
  })
  const exitCode = await runCli(args, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { RETRAIN_STACK: join(import.meta.dirname, 'no-such-folder'), ...env },
    root: join(import.meta.dirname, '../..'),
    signal: options.signal ?? new AbortController().signal,
    pause: options.pause ?? (() => setTimeout(20)),
    now: nowMs === undefined ? Date.now : () => nowMs,
  })
  return { exitCode, ...written }
}
