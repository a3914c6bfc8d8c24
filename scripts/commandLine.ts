import { type ParseArgsConfig, parseArgs } from 'node:util'

/** The user's mistake in the arguments: its one line is shown, and the exit code is 2. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments'
}

/**
 * Reads the arguments of `npm run {command} --`, as `parseArgs` does; throws WrongArguments for an option that there is none of,
 * or without its value. Pure but for `process.argv` where the config names no arguments.
 */
export function readArguments<const Config extends ParseArgsConfig>(
  command: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // `Unknown option '--fly'. To specify a positional argument ...`: the first sentence says it.
    const reason = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw wrongArguments(command, reason ?? '', error)
  }
}

/** `Cannot run samples: --source is missing (see npm run samples -- --help)`. Pure. */
export function wrongArguments(command: string, reason: string, cause?: unknown): WrongArguments {
  return new WrongArguments(`Cannot run ${command}: ${reason} (see npm run ${helpOf(command)})`, { cause })
}

/** `bench burst` is `npm run bench -- burst --help`. */
function helpOf(command: string): string {
  const [script = '', ...rest] = command.split(' ')
  return [script, '--', ...rest, '--help'].join(' ')
}

/** Reads a number above 0, or from 0 on, from an option; throws WrongArguments that names it. Pure. */
export function numberOf(name: string, text: string, least: 'above 0' | 'from 0' = 'above 0'): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number) && (least === 'from 0' ? number >= 0 : number > 0))
    return number
  throw new WrongArguments(`Cannot use --${name} ${text}: a number ${least} is needed`)
}

/** Ends the process with what `main` answers, or with 1 (2: wrong arguments) and the one line of its error. */
export async function endWith(main: () => Promise<number> | number): Promise<never> {
  let code: number
  try {
    code = await main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    code = exitCodeOf(error)
  }
  // A pipe takes what it has room for; the rest would be lost with the process.
  await Promise.all([process.stdout, process.stderr].map(drained))
  process.exit(code)
}

/** Whoever reads has all that was written, or has gone away. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve())
    stream.write('', () => resolve())
  })
}

/** The exit code of what was thrown. Pure. */
export function exitCodeOf(error: unknown): number {
  return error instanceof WrongArguments ? 2 : 1
}
