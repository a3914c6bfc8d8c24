import { expect, test } from 'vitest'
import { emptyHead, type Head } from '../../../shared/retraining/head.ts'
import { doubtfulGeneration, type ModelState, modelStateOf } from '../../../shared/retraining/modelState.ts'
import type { RunState } from '../../../shared/retraining/run.ts'

const order = { by: 'ann', reason: 'no', atMs: 0 }
const live: Head = { ...emptyHead, lastGeneration: 3, live: 3, floor: 3 }
const breaker = { count: 3, generation: 3, lastAtMs: 0, reason: 'failed' }

const cases: [when: string, head: Head, newest: RunState | undefined, state: ModelState][] = [
  ['nothing yet', emptyHead, undefined, 'neverTrained'],
  ['live', live, undefined, 'live'],
  ['a newer one trains', { ...live, inFlight: 4, lastGeneration: 4 }, 'training', 'training'],
  ['a newer one failed', { ...live, lastGeneration: 4 }, 'failed', 'failed'],
  ['a newer one was rejected', { ...live, lastGeneration: 4 }, 'rejected', 'rejected'],
  ['a newer one was superseded', { ...live, lastGeneration: 4 }, 'superseded', 'live'],
  ['the first was cancelled', { ...emptyHead, lastGeneration: 1 }, 'cancelled', 'neverTrained'],
  ['one awaits approval', { ...live, lastGeneration: 4, awaiting: [4] }, undefined, 'awaitingApproval'],
  ['one was approved', { ...live, lastGeneration: 4, approved: [4] }, 'awaitingApproval', 'training'],
  ['pinned', { ...live, pin: { ...order, generation: 2 } }, undefined, 'pinned'],
  ['quarantined', { ...live, breaker, pin: { ...order, generation: 2 } }, 'failed', 'quarantined'],
  ['paused before all', { ...live, breaker, paused: order, inFlight: 4 }, 'failed', 'paused'],
]

test.each(cases)('a model’s state: %s', (_when, head, newest, state) => {
  expect(modelStateOf(head, {}, [], newest && { state: newest })).toBe(state)
})

test('a pause of its customer or of the fleet counts', () => {
  expect(modelStateOf(live, {}, [order], undefined)).toBe('paused')
})

test.each([
  ['never opened', emptyHead, undefined],
  ['live is the newest', live, undefined],
  ['in flight', { ...live, lastGeneration: 4, inFlight: 4 }, undefined],
  ['awaits approval', { ...live, lastGeneration: 4, awaiting: [4] }, undefined],
  ['the newest ended otherwise', { ...live, lastGeneration: 4 }, 4],
])('the newest run is read only where its end is in doubt: %s', (_when, head, generation) => {
  expect(doubtfulGeneration(head)).toBe(generation)
})
