import { CliError, type ExitCode, exitCodes } from './errors.ts'
import { harmless } from './output/text.ts'

/** The answer's error body, as far as it is one. Source: RFC 9457. */
export type ProblemBody = {
  title?: string
  detail?: string
  code?: string
  requestId?: string
  errors?: { path?: string; message?: string }[]
}

/** An answer that is no success: one line, its status and, where the app said so, the problem's code. */
export class ApiError extends CliError {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string | undefined

  constructor(message: string, answer: { status: number; code?: string | undefined }) {
    super(message, exitCodeOf(answer.status, answer.code !== undefined))
    this.status = answer.status
    this.code = answer.code
  }
}

/** The line of an answer that is no success. `problem` is undefined where the app did not answer by itself. Pure. */
export function toApiError(url: string, status: number, problem: ProblemBody | undefined): ApiError {
  if (status === 401 || status === 403) {
    const line = `Cannot use the app at ${url}: the key is ${status === 401 ? 'wrong or missing' : 'not allowed to do this'} (--key or RETRAIN_KEY)`
    return new ApiError(line, { status, code: problem?.code })
  }
  if (problem === undefined) {
    return new ApiError(`Cannot use the app at ${url}: ${foreign(status)}`, { status })
  }
  const { detail, title, errors = [], requestId, code = 'unnamed' } = problem
  const said = detail ?? title ?? `it answered ${status}`
  const wrong = errors
    .filter(({ message }) => message === undefined || !said.includes(message))
    .map(({ path, message }) => [path, message].filter(Boolean).join(': '))
    .join('; ')
  const about = status >= 500 && requestId !== undefined ? ` (request ${requestId})` : ''
  const text = wrong === '' ? said : `${said}: ${wrong}`
  return new ApiError(oneLine(`${text}${about}`), { status, code })
}

function foreign(status: number): string {
  if (status === 404) return 'there is no such address; is it the URL of a retrain app, of this version?'
  if (status >= 300 && status < 400)
    return `it answered ${status}, which sends elsewhere; name that address instead`
  if (status === 502 || status === 503 || status === 504)
    return `it is not ready (${status}); try again in a moment`
  return `it answered ${status}`
}

function exitCodeOf(status: number, isOurs: boolean): ExitCode {
  if (status === 401 || status === 403 || status === 503) return exitCodes.unreachable
  if (!isOurs) return status >= 500 && status < 502 ? exitCodes.failed : exitCodes.unreachable
  if (status === 400) return exitCodes.usage
  if (status === 404) return exitCodes.notFound
  return status >= 400 && status < 500 ? exitCodes.refused : exitCodes.failed
}

/** The line of a request that got no answer. Pure. */
export function toNetworkError(url: string, cause: unknown): CliError {
  return new CliError(`Cannot reach the app at ${url}: ${networkReason(cause)}`, exitCodes.unreachable, {
    cause,
  })
}

function networkReason(cause: unknown): string {
  if (cause instanceof Error && cause.name === 'TimeoutError') return 'it did not answer in time'
  const code = codeOf(cause)
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there; does the app run?'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no host of that name'
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'it closed the connection'
    default:
      return code ?? innermost(cause) ?? 'it does not answer'
  }
}

/** `fetch failed` wraps what happened, and for several addresses an AggregateError wraps that. */
function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const first: unknown = at instanceof AggregateError ? at.errors[0] : at
    if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code
  }
  return undefined
}

/** `bad port` and the like, which have no code. */
function innermost(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof Error ? oneLine(error.cause.message) : undefined
}

function oneLine(text: string): string {
  return harmless(text.replaceAll(/\s+/g, ' ').trim())
}
