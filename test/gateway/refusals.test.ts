import { expect, test } from 'vitest'
import { answerRefusal, type Refusal } from '../../gateway/refusals.ts'
import { formatTimeSpan } from '../../gateway/timeSpan.ts'

const url = 'https://demoazureml.azure-api.net/azureml-demo'

const cases: [refusal: Refusal, status: number, length: number, body: string][] = [
  [
    { kind: 'missingKey' },
    401,
    152,
    '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }',
  ],
  [
    { kind: 'invalidKey' },
    401,
    143,
    '{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }',
  ],
  [
    { kind: 'rateLimited', retryAfterSeconds: 57 },
    429,
    84,
    '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." }',
  ],
  [
    { kind: 'quotaUsedUp', retryAfterSeconds: 1_802 },
    403,
    100,
    '{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:30:02." }',
  ],
  [
    { kind: 'quotaUsedUp', retryAfterSeconds: 604_800 },
    403,
    102,
    '{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 7.00:00:00." }',
  ],
  [{ kind: 'notFound' }, 404, 54, '{ "statusCode": 404, "message": "Resource not found" }'],
]
test.each(cases)('answers byte for byte: %j', (refusal, status, length, body) => {
  const answer = answerRefusal(refusal, url)
  expect([answer.status, answer.body]).toEqual([status, body])
  expect(answer.body).toHaveLength(length)
  expect(JSON.parse(answer.body).statusCode).toBe(status)
})

test('a 401 names the header the key goes into', () => {
  expect(answerRefusal({ kind: 'missingKey' }, url).headers['WWW-Authenticate']).toBe(
    'AzureApiManagementKey realm="https://demoazureml.azure-api.net/azureml-demo",name="Ocp-Apim-Subscription-Key",type="header"',
  )
})

test('a used-up limit says when to come back', () => {
  expect(answerRefusal({ kind: 'rateLimited', retryAfterSeconds: 57 }, url).headers['Retry-After']).toBe('57')
  expect(answerRefusal({ kind: 'quotaUsedUp', retryAfterSeconds: 402_007 }, url).headers['Retry-After']).toBe(
    '402007',
  )
})

const spans: [seconds: number, text: string][] = [
  [0, '00:00:00'],
  [59, '00:00:59'],
  [86_399, '23:59:59'],
  [86_400, '1.00:00:00'],
  [402_007, '4.15:40:07'],
  [1_235_636, '14.07:13:56'],
]
test.each(spans)('%i seconds are the TimeSpan %s', (seconds, text) => {
  expect(formatTimeSpan(seconds)).toBe(text)
})
