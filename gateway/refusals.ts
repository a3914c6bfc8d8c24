import { formatTimeSpan } from './timeSpan.ts'

/** Why a request goes no further. */
export type Refusal =
  | { kind: 'notFound' }
  | { kind: 'missingKey' | 'invalidKey' }
  | { kind: 'rateLimited' | 'quotaUsedUp'; retryAfterSeconds: number }
  | { kind: 'noAnswer' | 'timedOut' | 'unavailable' }

/** What the caller gets. */
export type RefusalAnswer = { status: number; body: string; headers: Readonly<Record<string, string>> }

const json = 'application/json'

/** Names of the key's two places. */
export const keyHeader = 'Ocp-Apim-Subscription-Key'
export const keyParameter = 'subscription-key'

/**
 * Answers as API Management does, byte for byte where its answers are published: 401, 403, 429. The texts of 404 and of a
 * back end that fails (502, 503, 504; API Management says 500) are ours. `apiUrl` is the API's base with its suffix. Pure.
 * Source: api-management-error-handling-policies.md.
 */
export function answerRefusal(refusal: Refusal, apiUrl: string): RefusalAnswer {
  switch (refusal.kind) {
    case 'notFound':
      return answer(404, 'Resource not found')
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
    case 'noAnswer':
      return answer(502, 'The backend service could not be reached')
    case 'timedOut':
      return answer(504, 'Request to the backend service timed out')
    case 'unavailable':
      return answer(503, 'The limits of this subscription cannot be checked now. Try again later.')
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
