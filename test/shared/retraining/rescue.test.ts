import { expect, test } from 'vitest'
import { emptyHead } from '../../../shared/retraining/head.ts'
import { type Rescue, rescueOf } from '../../../shared/retraining/rescue.ts'
import type { Run } from '../../../shared/retraining/run.ts'

const run: Run = {
  ...{ customerId: 'acme', model: 'm', generation: 1, state: 'queued', attempt: 1, platformFailures: 0 },
  ...{ manifest: 'x', trainingService: 's', openedAtMs: 0, updatedAtMs: 1_000, timeline: [] },
}
const poll = (dueAtMs: number) => ({ token: 't', dueAtMs, count: 0 })
const update = { attempt: 1, claimedAtMs: 0 }

const cases: [when: string, run: Partial<Run>, lateMs: number, then: Rescue][] = [
  ['queued, its start may still come', {}, 1_000, 'nothing'],
  ['queued, its start is late', {}, 1_001, 'start'],
  ['put off, not due yet', { retry: { count: 1, sinceAtMs: 0, dueAtMs: 9_000 } }, 1_001, 'nothing'],
  ['training, the poll may still come', { state: 'training', poll: poll(5_000) }, 5_000, 'nothing'],
  ['training, the poll is late', { state: 'training', poll: poll(5_000) }, 5_001, 'poll'],
  ['trained and judged', { state: 'trained', warrant: 'gatePassed' }, 1_001, 'update'],
  ['trained, not judged', { state: 'trained' }, 1_001, 'poll'],
  [
    'updating, the check is late',
    { state: 'updating', update: { ...update, check: poll(2_000) } },
    2_001,
    'check',
  ],
  ['updating, without a check', { state: 'updating', update }, 1_001, 'update'],
  ['live', { state: 'live' }, 9_000, 'nothing'],
]
test.each(cases)('rescueOf: %s', (_when, changes, lateMs, then) => {
  expect(rescueOf({ ...run, ...changes }, emptyHead, lateMs)).toBe(then)
})

test('rescueOf: whoever has the claim may still work', () => {
  const head = { ...emptyHead, claim: { generation: 1, attempt: 1, owner: 'w', untilAtMs: 5_000 } }
  expect(rescueOf({ ...run, state: 'updating', update }, head, 5_000)).toBe('nothing')
  expect(rescueOf({ ...run, state: 'updating', update }, head, 5_001)).toBe('update')
})
