import { RetryableError, TerminalError } from '../../retraining/errors.ts'

/** What a storage service answered, or that it didn't (`status` 0: network, time-out). `code` is e.g. `ConditionNotMet`. */
export type StorageAnswer = { status: number; code: string }

/** The longest a single call may take with its retries, in ms: no call may outlive an invocation. */
export const longestCallMs = 30_000

/** How often the storage clients try again by themselves, and how long they wait between. */
export const retryOptions = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 }

/** The signal that ends a call: one for each call, since its clock starts at once. */
export function callDeadline(): AbortSignal {
  return AbortSignal.timeout(longestCallMs)
}

/**
 * Does one call. `outcome` may turn an expected answer (404, 409, 412) into a value; undefined means that it is none.
 * Throws `RetryableError` for what may pass, `TerminalError` for what we sent wrongly, `Error` for the rest.
 *
 * @param what Object and verb of the message: `read row head of table models`
 */
export async function storageCall<Answer>(
  what: string,
  call: () => Promise<Answer>,
  outcome: (answer: StorageAnswer) => Answer | undefined = () => undefined,
): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    const expected = outcome(storageAnswer(error))
    if (expected !== undefined) return expected
    throw storageError(what, error)
  }
}

/** What the error says of the service's answer. */
export function storageAnswer(error: unknown): StorageAnswer {
  if (typeof error !== 'object' || error === null) return { status: 0, code: '' }
  const { statusCode, code, details } = error as {
    statusCode?: unknown
    code?: unknown
    details?: { errorCode?: unknown; odataError?: { code?: unknown } }
  }
  const found = [details?.odataError?.code, details?.errorCode, code].find((text) => typeof text === 'string')
  return { status: typeof statusCode === 'number' ? statusCode : 0, code: String(found ?? '') }
}

/**
 * The error to throw. The clients' own errors hold the request with its `Authorization` header, so only status, code
 * and the first line of their message go on.
 */
export function storageError(what: string, error: unknown): Error {
  if (error instanceof TerminalError || error instanceof RetryableError) return error
  const answer = storageAnswer(error)
  const cause = new Error(`${answer.code || nameOf(error)}: ${firstLine(error)}`)
  const text = `Cannot ${what}: ${answer.status === 0 ? cause.message : `${answer.status} ${answer.code}`}`
  if (isTransient(answer, error)) return new RetryableError(text, { cause })
  if (answer.status === 400 || answer.status === 413) return new TerminalError(text, { cause })
  return new Error(text, { cause })
}

function isTransient({ status, code }: StorageAnswer, error: unknown): boolean {
  if (status === 0) return isNetworkError(error)
  return status === 408 || status === 429 || status >= 500 || /BeingDeleted$|ServerBusy/.test(code)
}

/** No answer: every error that isn't a plain mistake of ours (a TypeError, say) comes from the network or a time-out. */
function isNetworkError(error: unknown): boolean {
  return /^(RestError|AbortError|TimeoutError)$/.test(nameOf(error)) || storageAnswer(error).code !== ''
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error'
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').replace(/\?\S*/g, '?…').slice(0, 400)
}
