import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runCli } from './runCli.ts'

/** `retrain`: the first Ctrl-C lets the command end in order, the second ends it at once. */
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130)
    interrupt.abort()
  })
}

// A reader that went away (a pipe to head) is no failure.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  root: dirname(import.meta.dirname),
  signal: interrupt.signal,
  now: Date.now,
  pause: (ms) => setTimeout(ms, undefined, { signal: interrupt.signal }),
})
