import { expect, test } from 'vitest'
import {
  giveBack,
  liveSlots,
  remaining,
  retryAfterSeconds,
  type Slots,
  take,
  useByMs,
  type Window,
} from '../../gateway/limits/window.ts'

const rate: Window = { kind: 'rate', calls: 5, renewalPeriodSeconds: 60 }
const quota: Window = { kind: 'quota', calls: 100, renewalPeriodSeconds: 604_800, startsAtMs: 1_000 }

/** Lets in what may be let in at these instants; answers the instants that were. */
function run(window: Window, instantsMs: readonly number[]): number[] {
  let slots: Slots = []
  return instantsMs.filter((nowMs) => {
    slots = liveSlots(slots, nowMs)
    if (remaining(slots, window) <= 0) return false
    slots = take(slots, window, { count: 1, nowMs })
    return true
  })
}

test('the sliding window frees a call a period after it, not a moment before', () => {
  expect(run(rate, [0, 10_000, 20_000, 30_000, 40_000, 59_999, 60_000, 69_999, 70_000])).toEqual([
    0, 10_000, 20_000, 30_000, 40_000, 60_000, 70_000,
  ])
})

test('calls of one second count together until the last of them is free', () => {
  expect(run(rate, [0, 100, 200, 300, 400, 60_000, 60_399, 60_400])).toEqual([0, 100, 200, 300, 400, 60_400])
})

test('never lets in more than the limit in any period, at any density', () => {
  for (const stepMs of [7, 130, 999, 1_001, 4_321, 11_999, 12_001]) {
    const passed = run(
      rate,
      Array.from({ length: 3_000 }, (_, at) => at * stepMs),
    )
    const most = Math.max(
      ...passed.map((first) => passed.filter((each) => each >= first && each < first + 60_000).length),
    )
    expect([stepMs, most <= 5]).toEqual([stepMs, true])
  }
})

test('the window is kept in no more than 61 slots, however many calls pass', () => {
  let slots: Slots = []
  const wide = { ...rate, calls: 1_000_000 }
  for (let nowMs = 0; nowMs < 300_000; nowMs += 50) {
    slots = take(liveSlots(slots, nowMs), wide, { count: 1, nowMs })
  }
  expect(slots.length).toBeLessThanOrEqual(61)
  expect(slots.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(1_200)
})

const waits: [when: string, slots: Slots, nowMs: number, seconds: number][] = [
  ['right after the last call', [{ sinceMs: 0, freeAtMs: 60_000, count: 5 }], 0, 60],
  ['three seconds later', [{ sinceMs: 0, freeAtMs: 60_000, count: 5 }], 3_000, 57],
  ['part of a second is a whole one', [{ sinceMs: 0, freeAtMs: 60_000, count: 5 }], 59_999, 1],
  [
    'a slot that was given back frees nothing',
    [
      { sinceMs: 0, freeAtMs: 1_000, count: 0 },
      { sinceMs: 500, freeAtMs: 9_000, count: 5 },
    ],
    500,
    9,
  ],
]
test.each(waits)('retryAfterSeconds: %s', (_when, slots, nowMs, seconds) => {
  expect(retryAfterSeconds(slots, nowMs)).toBe(seconds)
})

test('the quota is a fixed window from the subscription’s start', () => {
  const weekMs = 604_800_000
  const full = take([], quota, { count: 100, nowMs: 5_000 })
  expect(full).toEqual([{ sinceMs: 5_000, freeAtMs: 1_000 + weekMs, count: 100 }])
  expect(remaining(liveSlots(full, weekMs + 999), quota)).toBe(0)
  expect(remaining(liveSlots(full, weekMs + 1_000), quota)).toBe(100)
  expect(retryAfterSeconds(full, 1_000)).toBe(604_800)
  expect(take(full, quota, { count: 1, nowMs: weekMs + 1_000 }).at(-1)?.freeAtMs).toBe(1_000 + 2 * weekMs)
})

test('calls taken in advance count from their last use, and are used in their own quota period only', () => {
  expect(take([], rate, { count: 2, nowMs: 0, lastUseMs: 6_000 })[0]?.freeAtMs).toBe(66_000)
  expect(useByMs(rate, 0, 6_000)).toBe(6_000)
  expect(useByMs(quota, 604_800_900, 6_000)).toBe(604_800_999)
})

test('giving back names the slot that was taken from', () => {
  const slots = [
    { sinceMs: 0, freeAtMs: 60_000, count: 4 },
    { sinceMs: 5_000, freeAtMs: 65_000, count: 1 },
  ]
  expect(giveBack(slots, 3, 0).map(({ count }) => count)).toEqual([1, 1])
  expect(giveBack(slots, 3, 4_000)).toEqual(slots)
})
