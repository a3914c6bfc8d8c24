import { expect, test } from 'vitest'
import { nextDelaySeconds, nextRetry } from '../../../shared/retraining/backoff.ts'

const thirty = { firstSeconds: 30 }

test('nextRetry doubles from 30 s to 1 h, honours Retry-After and ends after 24 h', () => {
  const first = nextRetry(undefined, 0, 0.5, thirty)
  expect(first).toMatchObject({ kind: 'again', delaySeconds: 30, retry: { count: 1, sinceAtMs: 0 } })
  expect(nextRetry({ count: 1, sinceAtMs: 0, dueAtMs: 0 }, 0, 0.5, thirty)).toMatchObject({
    delaySeconds: 60,
  })
  expect(nextRetry({ count: 30, sinceAtMs: 0, dueAtMs: 0 }, 0, 0.5, thirty)).toMatchObject({
    delaySeconds: 3_600,
  })
  expect(nextRetry(undefined, 0, 0.5, { ...thirty, retryAfterSeconds: 300 })).toMatchObject({
    delaySeconds: 300,
  })
  expect(nextRetry({ count: 30, sinceAtMs: 0, dueAtMs: 0 }, 86_400_000, 0.5, thirty)).toEqual({
    kind: 'giveUp',
  })
})

test('nextDelaySeconds grows by half up to the longest, with jitter', () => {
  const schedule = { firstSeconds: 10, mostSeconds: 60 }
  expect([0, 1, 2, 9].map((count) => nextDelaySeconds(count, schedule, 0.5))).toEqual([10, 15, 23, 60])
  expect(nextDelaySeconds(0, schedule, 0)).toBe(8)
  expect(nextDelaySeconds(0, schedule, 1)).toBe(12)
})
