import { expect, test } from 'vitest'
import { decideClaim, withClaim } from '../../../shared/retraining/fence.ts'

const head = { lastGeneration: 3, floor: 2 }
const claim = { generation: 2, attempt: 1, owner: 'o', untilAtMs: 1_000 }
const pin = { generation: 1, by: 'ann', reason: 'worse', atMs: 0 }
const rolled = { lastGeneration: 3, floor: 3, barred: 3, live: 1 }
test.each([
  ['above the floor, unclaimed', head, { generation: 3, state: 'trained' }, 0, 'claim'],
  ['at the floor, not yet updating', head, { generation: 2, state: 'trained' }, 0, 'superseded'],
  ['at the floor, its update under way', head, { generation: 2, state: 'updating' }, 0, 'claim'],
  ['below the floor', head, { generation: 1, state: 'updating' }, 0, 'superseded'],
  ['claimed by another', { ...head, claim }, { generation: 3, state: 'trained' }, 999, 'busy'],
  ['the other claim ran out', { ...head, claim }, { generation: 3, state: 'trained' }, 1_000, 'claim'],
  [
    'its own claim, left behind',
    { ...head, claim: { ...claim, owner: '' } },
    { generation: 2, state: 'updating' },
    0,
    'claim',
  ],
  [
    'anothers claim, left behind',
    { ...head, claim: { ...claim, owner: '' } },
    { generation: 3, state: 'trained' },
    0,
    'busy',
  ],
  [
    'at the floor, sent again after its update',
    head,
    { generation: 2, state: 'trained', update: {} },
    0,
    'claim',
  ],
  ['the live one is put back', { ...head, live: 1 }, { generation: 1, state: 'live' }, 0, 'claim'],
  [
    'the live one, a newer one being checked',
    { ...head, live: 1, inFlight: 2 },
    { generation: 1, state: 'live' },
    0,
    'superseded',
  ],
  [
    'the live one is put back, a newer one in training',
    { ...head, live: 1, inFlight: 3 },
    { generation: 1, state: 'updating' },
    0,
    'claim',
  ],
  ['pinned to another', { ...head, pin }, { generation: 3, state: 'trained' }, 0, 'superseded'],
  ['pinned to it', { ...head, pin }, { generation: 1, state: 'trained' }, 0, 'claim'],
  ['pinned, the live one', { ...head, pin, live: 2 }, { generation: 2, state: 'live' }, 0, 'superseded'],
  [
    'opened before the rollback, its update under way',
    rolled,
    { generation: 3, state: 'updating' },
    0,
    'superseded',
  ],
  ['opened after the rollback', rolled, { generation: 4, state: 'trained' }, 0, 'claim'],
  [
    'what was rolled back to is put back',
    { ...rolled, inFlight: 3 },
    { generation: 1, state: 'live' },
    0,
    'claim',
  ],
] as const)('decideClaim: %s', (_when, given, run, nowMs, then) => {
  expect(decideClaim(given, run, nowMs).kind).toBe(then)
})

test('a claim that ran out is taken over only after describing the endpoint', () => {
  const decision = decideClaim({ ...head, claim }, { generation: 3, state: 'trained' }, 2_000)
  expect(decision).toEqual({ kind: 'claim', describeFirst: true })
})

test.each([
  ['a newer generation raises the floor', 3, 3],
  ['the live one that is put back does not lower it', 1, 2],
])('withClaim: %s', (_when, generation, floor) => {
  expect(withClaim(head, { ...claim, generation })).toMatchObject({ floor, claim: { generation } })
})
