import { expect, test } from 'vitest'
import { hashKey } from '../../gateway/keys.ts'
import { loadProducts } from '../../gateway/products.ts'
import { addSubscription, rotateKey, setState } from '../../gateway/subscriptions/changeSubscriptions.ts'
import { createDirectory } from '../../gateway/subscriptions/directory.ts'
import { giveSubscription } from '../../gateway/subscriptions/giveSubscription.ts'
import { createSubscriptionStore } from '../../gateway/subscriptions/subscriptionStore.ts'
import { createMemoryTable } from '../fakes/memoryTable.ts'

function bench() {
  const clock = { nowMs: 1_000 }
  const table = createMemoryTable()
  const store = createSubscriptionStore(table)
  const ports = { store, products: loadProducts(), now: () => clock.nowMs }
  const directory = createDirectory(store.list, ports.now)
  return { clock, table, ports, directory }
}

test('the products are the guide’s: Starter with 5 calls a minute and 100 a week, and Unlimited', () => {
  expect(loadProducts()).toMatchObject([
    {
      name: 'Starter',
      rateLimit: { calls: 5, renewalPeriodSeconds: 60 },
      quota: { calls: 100, renewalPeriodSeconds: 604_800 },
    },
    { name: 'Unlimited' },
  ])
  expect(Object.keys(loadProducts()[1] ?? {})).not.toContain('quota')
})

test('both keys find the subscription, and only their hashes are stored', async () => {
  const { ports, directory, table } = bench()
  const { keys } = await addSubscription(ports, { name: 'acme', product: 'starter' })
  expect(keys.primaryKey).toMatch(/^[0-9a-f]{32}$/)
  expect((await directory.find(keys.primaryKey))?.name).toBe('acme')
  expect((await directory.find(keys.secondaryKey))?.name).toBe('acme')
  const stored = JSON.stringify(table.rows())
  expect(stored).toContain(hashKey(keys.primaryKey))
  expect(stored.includes(keys.primaryKey) || stored.includes(keys.secondaryKey)).toBe(false)
})

test('customers whose names run together get subscriptions of their own', async () => {
  const { ports, table } = bench()
  const owner = (customerId: string, model: string) => ({
    ...{ customerId, model, product: 'Starter' },
    endpointKey: `file:${customerId}.${model}`,
  })
  const first = await giveSubscription(ports, owner('a', 'b-c'))
  await giveSubscription(ports, owner('a-b', 'c'))
  const [long, other] = ['m'.repeat(63), `${'m'.repeat(62)}n`]
  await giveSubscription(ports, owner('x'.repeat(63), long))
  await giveSubscription(ports, owner('x'.repeat(63), other))
  const rows = table
    .rows()
    .map(({ rowKey, cells }) => [rowKey.replace(/[0-9a-f]{12}$/, '#'), cells.endpointKey])
  expect(rows).toEqual([
    ['a-b-c', 'file:a.b-c'],
    ['a-b-c-#', 'file:a-b.c'],
    [`${'x'.repeat(50)}-#`, expect.stringMatching(/^file:x+\.m+n?$/)],
    [`${'x'.repeat(50)}-#`, expect.stringMatching(/^file:x+\.m+n?$/)],
  ])
  expect(await giveSubscription(ports, { ...owner('a', 'b-c'), endpointKey: 'file:new' })).not.toBe(first)
  expect(await ports.store.read('a-b-c')).toMatchObject({ customerId: 'a', endpointKey: 'file:new' })
  expect(table.rows()).toHaveLength(4)
  await setState(ports, 'a-b-c', 'suspended')
  await expect(giveSubscription(ports, owner('a', 'b-c'))).rejects.toThrow(
    'Cannot give a/b-c a key: its subscription a-b-c is suspended',
  )
})

test('a rotated key stops working within a second, the other goes on', async () => {
  const { ports, directory, clock } = bench()
  const { keys } = await addSubscription(ports, { name: 'acme', product: 'Starter' })
  expect((await directory.find(keys.primaryKey))?.name).toBe('acme')
  const fresh = await rotateKey(ports, 'acme', 'primary')
  clock.nowMs += 1_001
  expect(await directory.find(keys.primaryKey)).toBeUndefined()
  expect((await directory.find(fresh))?.name).toBe('acme')
  expect((await directory.find(keys.secondaryKey))?.name).toBe('acme')
})

test('a new key works at once, also when the others were read a moment ago', async () => {
  const { ports, directory, clock } = bench()
  await directory.find('nobody')
  const { keys } = await addSubscription(ports, { name: 'acme', product: 'Starter' })
  clock.nowMs += 101
  expect((await directory.find(keys.primaryKey))?.name).toBe('acme')
})

test('a suspended one is found as such within a second', async () => {
  const { ports, directory, clock } = bench()
  const { keys } = await addSubscription(ports, { name: 'acme', product: 'Starter' })
  await directory.find(keys.primaryKey)
  await setState(ports, 'acme', 'suspended')
  clock.nowMs += 1_001
  expect((await directory.find(keys.primaryKey))?.state).toBe('suspended')
})

const refused: [when: string, name: string, product: string, key: string | undefined, message: string][] = [
  ['a name with capitals', 'Acme', 'Starter', undefined, 'Cannot add subscription Acme: a name is'],
  ['an unknown product', 'acme', 'Gold', undefined, 'there is no product Gold; there are Starter, Unlimited'],
  ['an endpoint key in clear', 'acme', 'Starter', 'abc123==', 'an endpoint key is given as env:NAME'],
]
test.each(refused)('%s is refused in one line', async (_when, name, product, endpointKey, message) => {
  await expect(addSubscription(bench().ports, { name, product, endpointKey })).rejects.toThrow(message)
})

test('a name is taken once; what is not there cannot be changed', async () => {
  const { ports } = bench()
  await addSubscription(ports, { name: 'acme', product: 'Starter' })
  await expect(addSubscription(ports, { name: 'acme', product: 'Starter' })).rejects.toThrow('there is one')
  await expect(rotateKey(ports, 'nobody', 'primary')).rejects.toThrow('there is none')
  await expect(setState(ports, 'nobody', 'suspended')).rejects.toThrow('there is none')
})
