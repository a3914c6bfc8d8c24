import { expect, test } from 'vitest'
import { needsStartRequest, quietUntilMs } from '../../../shared/retraining/quiet.ts'

test.each([
  ['nothing known', undefined, 0, true],
  ['in flight', { inFlight: 1 }, 0, false],
  ['asked for, on its way', { startRequestedForAtMs: 1_000 }, 900, false],
  ['asked for, within the grace', { startRequestedForAtMs: 1_000 }, 60_000, false],
  ['asked for, lost', { startRequestedForAtMs: 1_000 }, 61_001, true],
] as const)('needsStartRequest: %s', (_when, given, nowMs, then) => {
  expect(needsStartRequest(given, nowMs)).toBe(then)
})

test('the quiet period counts from the newest drop, but the oldest waits at most so long', () => {
  const quiet = { quietSeconds: 60, maxQuietSeconds: 100 }
  expect(quietUntilMs({ oldestAcceptedAtMs: 0, newestAcceptedAtMs: 10_000 }, quiet)).toBe(70_000)
  expect(quietUntilMs({ oldestAcceptedAtMs: 0, newestAcceptedAtMs: 90_000 }, quiet)).toBe(100_000)
})
