import { z } from 'zod'
import { retryAfterSeconds } from '../../lib/backoff.ts'
import { RetryableError, TerminalError } from '../../retraining/errors.ts'
import { CredentialRefused } from '../../retraining/services.ts'
import type { HttpAnswer } from '../http/httpClient.ts'

const text = z.string().catch('')
const serviceError = z.object({
  error: z.object({
    code: text,
    message: text,
    details: z.array(z.object({ code: text, target: text, message: text }).catch(noDetail)).catch([]),
  }),
})

function noDetail() {
  return { code: '', target: '', message: '' }
}

/** An error body of the service. A body that is none has no codes; its text is the message. */
export type ServiceError = z.infer<typeof serviceError>['error']

const longestForeignText = 500

/** Decodes an error body. Source: classic-protocol.md, 6. */
export function decodeServiceError(body: string): ServiceError {
  try {
    return serviceError.parse(JSON.parse(body)).error
  } catch {
    return { code: '', message: body.trim().slice(0, longestForeignText), details: [] }
  }
}

/** Whether the error or one of its details has this code. */
export function hasCode(body: string, code: string): boolean {
  const error = decodeServiceError(body)
  return error.code === code || error.details.some((detail) => detail.code === code)
}

/** Statuses after which trying again may help: throttling (503, also 429), time-outs and every trouble of the service's own. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/**
 * The one place that says what an answer other than 2xx means. The error's text holds the service's code, message and
 * details, redacted.
 *
 * @param what Verb and object: `start job 539d of Bird Strikes`
 */
export function fromHttpStatus(
  what: string,
  answer: HttpAnswer,
  { redact, now }: { redact(text: string): string; now(): number },
): TerminalError | RetryableError | CredentialRefused {
  const message = redact(`Cannot ${what}: ${answer.status} ${describe(answer)}`.trim())
  if (answer.status === 401 || answer.status === 403) return new CredentialRefused(message)
  if (!isTransient(answer.status)) return new TerminalError(message)
  const seconds = retryAfterSeconds(answer.headers['retry-after'], now())
  return new RetryableError(message, { retryAfterSeconds: seconds })
}

function describe(answer: HttpAnswer): string {
  if (answer.status >= 300 && answer.status < 400) return 'redirects are not followed'
  const { code, message, details } = decodeServiceError(answer.text)
  const parts = details.map((detail) => {
    const place = detail.target === '' ? '' : ` (${detail.target})`
    return `${detail.code}${place}: ${detail.message}`
  })
  const head = [code, message].filter((part) => part !== '').join(': ')
  return parts.length === 0 ? head : `${head} [${parts.join('; ')}]`
}
