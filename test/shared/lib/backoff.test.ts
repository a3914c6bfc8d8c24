import { expect, test } from 'vitest'
import { backoffMs, retryAfterSeconds } from '../../../shared/lib/backoff.ts'

const schedule = { firstMs: 250, longestMs: 2_000 }
const delays: [count: number, random: number, then: number][] = [
  [1, 1, 250],
  [1, 0, 125],
  [2, 1, 500],
  [3, 0.5, 750],
  [5, 1, 2_000],
  [1_000, 1, 2_000],
]
test.each(delays)('backoff after try %i with chance %f is %i ms', (count, random, then) => {
  expect(backoffMs(schedule, count, random)).toBe(then)
})

const nowMs = Date.UTC(2026, 10, 21, 12, 0, 0)
const headers: [header: string | undefined, then: number | undefined][] = [
  [undefined, undefined],
  ['7', 7],
  [' 0 ', 0],
  ['999999', 86_400],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['soon', undefined],
]
test.each(headers)('Retry-After %s is %s seconds', (header, then) => {
  expect(retryAfterSeconds(header, nowMs)).toBe(then)
})
