import { expect, test } from 'vitest'
import type { Drop } from '../../../shared/retraining/drop.ts'
import { type CopyOutcome, planLatest } from '../../../shared/retraining/generation.ts'

const waiting: Drop = {
  id: 'x',
  name: 'n',
  etag: '1',
  sizeBytes: 5,
  md5: 'm',
  lastModifiedAtMs: 1_000,
  acceptedAtMs: 1_000,
  state: 'pending',
}
const copied = (copy: string): CopyOutcome => ({ kind: 'copied', copy })
test('planLatest trains on the newest copied drop and keeps the others as spare', () => {
  const plan = planLatest(
    [waiting, { ...waiting, id: 'y', name: 'o', lastModifiedAtMs: 3_000 }],
    [copied('one'), copied('two')],
    undefined,
  )
  expect(plan.input).toEqual({ name: 'two', sizeBytes: 5 })
  expect(plan.drops.map((drop) => drop.use)).toEqual(['spare', 'trained'])
})
test('planLatest says of an overwritten drop that it was not trained on', () => {
  const plan = planLatest([waiting], [{ kind: 'overwritten' }], undefined)
  expect(plan.input).toBeUndefined()
  expect(plan.drops[0]).toMatchObject({ use: 'overwritten', reason: 'overwritten, not trained on' })
})
test('planLatest trains on a drop written in the same second as the one trained on before', () => {
  const plan = planLatest([waiting], [copied('one')], { lastModifiedAtMs: 1_000, name: 'z.csv' })
  expect(plan.input).toEqual({ name: 'one', sizeBytes: 5 })
})
test('planLatest does not go back to a drop older than one trained on', () => {
  const plan = planLatest([waiting], [copied('one')], { lastModifiedAtMs: 5_000, name: 'newer.csv' })
  expect(plan.input).toBeUndefined()
  expect(plan.reason).toContain('newer.csv')
})
