import { expect, test } from 'vitest'
import { decodeSubscription, encodeSubscription } from '../../gateway/subscriptions/subscription.ts'
import { decodeRollup } from '../../gateway/usage/rollup.ts'

const cells = {
  product: 'starter',
  state: 'active',
  primaryHash: 'a',
  secondaryHash: 'b',
  startsAt: '2026-01-01T00:00:00.000Z',
}
const row = { partitionKey: 'subscriptions', rowKey: 'acme', etag: '1' }

test('rows without a version, as the first version wrote them, are read, and written with one', () => {
  const subscription = decodeSubscription({ ...row, cells })
  expect(encodeSubscription(subscription)).toEqual({ v: 1, ...cells })
  const rollup = {
    partitionKey: 'acme',
    rowKey: '2026-01-01T00|rrs-execute|1',
    etag: '1',
    cells: { calls: 2 },
  }
  expect(decodeRollup(rollup)).toMatchObject({ subscription: 'acme', calls: 2 })
})

test('rows of a newer version are refused in words', () => {
  const newer = 'Cannot read subscription acme: it was written by a newer version of the gateway'
  expect(() => decodeSubscription({ ...row, cells: { ...cells, v: 2 } })).toThrow(newer)
})
