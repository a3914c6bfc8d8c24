import type { Command } from 'commander'
import type { ApiClient } from './apiClient.ts'
import type { ExitCode } from './errors.ts'
import type { Output, Stream } from './output/output.ts'
import type { Progress } from './output/progress.ts'

/** A terminal of `rows` lines. */
export type Terminal = Stream & { rows?: number | undefined; isColoured: boolean }

/** What a command works with. */
export type Cli = {
  /** The app; looked for at the first call. */
  api: ApiClient
  /** Whether a program reads the answer: `out.json` then, once, or once a line for a stream. */
  json: boolean
  out: Output
  /** A bar on long work; shown on a terminal only. `label` says what is counted. */
  progress(total: number, label: string): Progress
  /**
   * Asks before something that can't be taken back; `--yes` answers for a program. Throws UsageError where nobody can be
   * asked, CliError (4) at a no. `question` without the question mark.
   */
  confirm(question: string): Promise<void>
  /** The reason as it was given with `--reason`, for what must not happen without one; throws UsageError. */
  requireReason(what: string): string
  /** The reason that was given with `--reason`, else asked for on a terminal; throws UsageError where there is none. */
  askReason(what: string): Promise<string>
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** Epoch milliseconds. */
  now(): number
  /** Lets some time pass, between two looks at the app; throws at Ctrl-C. */
  pause(ms: number): Promise<void>
  /** The terminal that shows the answer; undefined where it is piped, and with `--json`. */
  terminal: Terminal | undefined
  env: Readonly<Record<string, string | undefined>>
  /** The folder of the local stack's state. */
  stackFolder: string
}

/** What a command does: it gets its arguments in order, and its options; it may answer another exit code than 0. */
export type Body<Args extends unknown[], Options> = (
  cli: Cli,
  args: Args,
  options: Options,
) => Promise<void> | Promise<ExitCode>

/**
 * Makes a commander action of a body: `run((cli, [customer, model]: [string, string], options: Options) => ...)`. What it
 * throws is printed as one line and ends `retrain` with its exit code.
 */
export type Run = <Args extends unknown[], Options>(
  body: Body<Args, Options>,
) => (...given: unknown[]) => Promise<void>

/** What a file of `cli/commands/` exports. */
export type Register = (program: Command, run: Run) => void

/** Adds examples to a command's help: a line each, without `retrain` before it. Every command has some. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  retrain ${line}`).join('\n')}`)
}
