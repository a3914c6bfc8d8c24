import { expect, test } from 'vitest'
import { isOver } from '../../../local/round/follow.ts'
import { type Observation, toLine } from '../../../local/round/observe.ts'
import type { Head } from '../../../shared/retraining/head.ts'
import type { Run, RunState } from '../../../shared/retraining/run.ts'

const key = { customerId: 'american', model: 'birdstrikes' }
const runOf = (generation: number, state: RunState): Run => ({
  ...key,
  generation,
  state,
  attempt: 1,
  platformFailures: 0,
  manifest: 'm',
  trainingService: 's',
  openedAtMs: 2_000,
  updatedAtMs: 2_000,
  timeline: [],
})
const headOf = (lastGeneration: number, more: Partial<Head> = {}): Head => ({
  lastGeneration,
  floor: 1,
  live: 1,
  ...more,
})
const followed = { ...key, above: 1, sinceMs: 1_000 }

const cases: [when: string, seen: Omit<Observation, 'customerId' | 'model'>, over: boolean][] = [
  ['the drop was not seen yet', { head: headOf(1), run: runOf(1, 'live'), hasPending: false }, false],
  ['the drop waits', { head: headOf(1), run: runOf(1, 'live'), hasPending: true }, false],
  ['training', { head: headOf(2, { inFlight: 2 }), run: runOf(2, 'training'), hasPending: false }, false],
  ['live', { head: headOf(2, { live: 2 }), run: runOf(2, 'live'), hasPending: false }, true],
  ['failed', { head: headOf(2), run: runOf(2, 'failed'), hasPending: false }, true],
  ['failed, but another drop waits', { head: headOf(2), run: runOf(2, 'failed'), hasPending: true }, false],
  [
    'live, another under way',
    { head: headOf(3, { live: 2, inFlight: 3 }), run: runOf(3, 'queued'), hasPending: false },
    false,
  ],
]
test.each(cases)('isOver: %s', (_when, seen, over) => {
  expect(isOver(followed, { ...key, ...seen })).toBe(over)
})

test("a line does not show the earlier generation's run as this one's", () => {
  const before = { ...runOf(1, 'live'), openedAtMs: 0 }
  const line = toLine({ ...key, head: headOf(1), run: before, hasPending: true }, 1_000, 3_500)
  expect(line).toEqual({ customer: 'american', state: 'accepted', elapsedSeconds: 2.5 })
})

test('time stands still when the run is over', () => {
  const run = { ...runOf(2, 'live'), endedAtMs: 9_000 }
  const line = toLine({ ...key, head: headOf(2, { live: 2 }), run, hasPending: false }, 1_000, 60_000)
  expect(line).toEqual({ customer: 'american', generation: 2, state: 'live', elapsedSeconds: 8 })
})
