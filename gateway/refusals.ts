import { formatTimeSpan } from './timeSpan.ts'

/** What is answered with the same text each time. */
const plain = {
  notFound: [404, 'Resource not found'],
  noAnswer: [502, 'The backend service could not be reached'],
  timedOut: [504, 'Request to the backend service timed out'],
  unavailable: [503, 'The limits of this subscription cannot be checked now. Try again later.'],
  // What is no proper HTTP request.
  malformed: [400, 'This is no HTTP request that can be read'],
  tooSlow: [408, 'The request did not arrive in time'],
  badExpectation: [417, 'The request expects what is not offered'],
  headTooLarge: [431, 'The URL and headers of the request are larger than 16 KB'],
} as const

type Plain = { kind: keyof typeof plain }

type Published =
  | { kind: 'missingKey' | 'invalidKey' }
  | { kind: 'rateLimited' | 'quotaUsedUp'; retryAfterSeconds: number }

/** Why a request goes no further. */
export type Refusal = Plain | Published

/** What the caller gets. */
export type RefusalAnswer = { status: number; body: string; headers: Readonly<Record<string, string>> }

const json = 'application/json'

/** Names of the key's two places. */
export const keyHeader = 'Ocp-Apim-Subscription-Key'
export const keyParameter = 'subscription-key'

/**
 * Answers as API Management does, byte for byte where its answers are published: 401, 403, 429. The texts of 404, of a back
 * end that fails (502, 503, 504; API Management says 500) and of what is no request (400, 408, 417, 431) are ours. `apiUrl` is
 * the API's base with its suffix. Pure.
 * Source: api-management-error-handling-policies.md.
 */
export function answerRefusal(refusal: Refusal, apiUrl: string): RefusalAnswer {
  if (!isPlain(refusal)) return answerPublished(refusal, apiUrl)
  const [status, text] = plain[refusal.kind]
  return answer(status, text)
}

function isPlain(refusal: Refusal): refusal is Plain {
  return refusal.kind in plain
}

function answerPublished(refusal: Published, apiUrl: string): RefusalAnswer {
  switch (refusal.kind) {
    case 'missingKey':
      return unauthorised(
        'missing subscription key. Make sure to include subscription key when making requests to an API.',
        apiUrl,
      )
    case 'invalidKey':
      return unauthorised(
        'invalid subscription key. Make sure to provide a valid key for an active subscription.',
        apiUrl,
      )
    case 'rateLimited':
      return limited(
        429,
        `Rate limit is exceeded. Try again in ${refusal.retryAfterSeconds} seconds.`,
        refusal,
      )
    case 'quotaUsedUp': {
      const left = formatTimeSpan(refusal.retryAfterSeconds)
      return limited(403, `Out of call volume quota. Quota will be replenished in ${left}.`, refusal)
    }
  }
}

function unauthorised(reason: string, apiUrl: string): RefusalAnswer {
  const challenge = `AzureApiManagementKey realm="${apiUrl}",name="${keyHeader}",type="header"`
  return answer(401, `Access denied due to ${reason}`, { 'WWW-Authenticate': challenge })
}

function limited(status: number, message: string, { retryAfterSeconds }: { retryAfterSeconds: number }) {
  return answer(status, message, { 'Retry-After': String(retryAfterSeconds) })
}

function answer(status: number, message: string, headers: Record<string, string> = {}): RefusalAnswer {
  const body = `{ "statusCode": ${status}, "message": "${message}" }`
  return { status, body, headers: { 'Content-Type': json, ...headers } }
}
