import { STATUS_CODES } from 'node:http'
import { RetryableError, TerminalError } from '../retraining/errors.ts'
import { CredentialRefused } from '../retraining/services.ts'

/** One thing that is wrong with a request: where (`body.gate.limits.0`) and what is expected. */
export type FieldProblem = { path: string; message: string }

/**
 * An answer that is no success: `throw new Problem(404, 'no-such-customer', 'Cannot show contoso/census: there is no such
 * customer')`. `code` is what programs read and never changes; `detail` is one sentence for a person that says what to do.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldProblem[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    detail: string,
    more: ErrorOptions & {
      errors?: readonly FieldProblem[]
      headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(detail, more)
    this.status = status
    this.code = code
    this.errors = more.errors
    this.headers = more.headers ?? {}
  }
}

/** What leaves as application/problem+json. Source: RFC 9457. */
export type ProblemBody = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
  errors?: readonly FieldProblem[]
}

const retryAfterSeconds = 10

/** Makes a Problem of whatever was thrown; what is unknown keeps its text to itself. Pure. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof TerminalError)
    return new Problem(422, 'not-possible', thrown.message, { cause: thrown })
  if (thrown instanceof CredentialRefused)
    return new Problem(502, 'service-refused-key', thrown.message, { cause: thrown })
  if (thrown instanceof RetryableError) {
    const seconds = Math.ceil(thrown.retryAfterSeconds ?? retryAfterSeconds)
    const headers = { 'retry-after': String(seconds) }
    return new Problem(503, 'try-again', thrown.message, { cause: thrown, headers })
  }
  const detail =
    'Cannot answer: something unexpected happened; the log of the app has it under this request id'
  return new Problem(500, 'unexpected', detail, { cause: thrown })
}

/** The body of a problem; its texts pass `redact`. Pure. */
export function problemBody(
  problem: Problem,
  requestId: string,
  redact: (text: string) => string,
): ProblemBody {
  const { status, code, errors } = problem
  return {
    type: `urn:retrain:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: redact(problem.message),
    code,
    requestId,
    ...(errors !== undefined && {
      errors: errors.map(({ path, message }) => ({ path: redact(path), message: redact(message) })),
    }),
  }
}
