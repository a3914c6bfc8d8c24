import { readCommandLine, usage, WrongArguments } from './cli/arguments.ts'
import { printable } from './cli/print.ts'
import type { EmulatorOptions } from './options.ts'
import { type RunningEmulator, startEmulator } from './start.ts'

/** `npm run emulator`: ML Studio (classic) web services until Ctrl-C. */
async function main(): Promise<void> {
  const { options, json, help, portIsGiven } = await readCommandLine(process.argv.slice(2))
  if (help) {
    console.log(usage)
    return
  }
  const starting = startOnSomePort({ ...options, report: (line) => console.error(line) }, portIsGiven)
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    starting.then((emulator) => emulator.close()).then(() => process.exit(0), fail)
  }
  // Before anything is printed: whoever reads it may stop the emulator at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  const emulator = await starting
  if (!stopping) console.log(json ? JSON.stringify(emulator.describe()) : printable(emulator.describe()))
}

/** The default port may be taken: then a free one is as good. A port that was asked for is not replaced. */
async function startOnSomePort(options: EmulatorOptions, portIsGiven: boolean): Promise<RunningEmulator> {
  try {
    return await startEmulator(options)
  } catch (error) {
    const isTaken = error instanceof Error && (error.cause as NodeJS.ErrnoException)?.code === 'EADDRINUSE'
    if (portIsGiven || !isTaken) throw error
    return startEmulator({ ...options, port: 0 })
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  process.exit(error instanceof WrongArguments ? 2 : 1)
}

main().catch(fail)
