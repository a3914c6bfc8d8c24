/** Trying again cannot help: a bad message, an unknown customer, 400, 404, a data failure. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError'
}

/** Trying again may help: 408, 425, 429, 5xx, a time-out, the network. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError'
  /** What the service asked us to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, options: ErrorOptions & { retryAfterSeconds?: number | undefined } = {}) {
    super(message, options)
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
