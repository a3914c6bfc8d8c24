/** How `retrain` ends. Scripts rely on these numbers: they are in its help. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
} as const

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What a command could not do: `Cannot <verb> <object>: <reason>` in one line, and the exit code that says which kind it is. */
export class CliError extends Error {
  override readonly name: string = 'CliError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The user's mistake: one line, exit code 2. */
export class UsageError extends CliError {
  override readonly name = 'UsageError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.usage, options)
  }
}

/** Something named that is not there: exit code 3. */
export class NotFoundError extends CliError {
  override readonly name = 'NotFoundError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.notFound, options)
  }
}
