import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { showUsage } from '../../cli/gateway/usage.ts'
import { createOutput } from '../../cli/output/output.ts'
import { openStores } from '../../gateway/storage/openStores.ts'
import { createSubscriptionStore } from '../../gateway/subscriptions/subscriptionStore.ts'
import { createUsageRecorder } from '../../gateway/usage/recorder.ts'
import { emptyRollup, encodeRollup, nobody } from '../../gateway/usage/rollup.ts'
import { createMemoryTable } from '../fakes/memoryTable.ts'
import { runLine } from './runLine.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-gateway-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) => runLine(args, { env: { RETRAIN_STACK: folder }, nowMs: 0 })

const refused: [args: string[], message: string][] = [
  [['subscriptions', 'add'], "missing required argument 'name'"],
  [['subscriptions', 'rotate', 'acme', 'third'], 'Allowed choices are primary, secondary'],
  [['subscriptions', 'delete', 'acme'], 'Cannot '],
  [['usage', '--hours', '0'], 'Cannot show usage of 0 hours'],
  [['usage', 'a', 'b'], 'too many arguments'],
]
test.each(refused)('refused in one line: %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(...args)
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain(message)
  expect(stderr).toMatch(/^Cannot [^\n]*\n$/)
})

test('a subscription is added, listed without its keys, rotated, suspended and activated', async () => {
  expect((await run('subscriptions', 'list')).stdout).toBe(
    'no subscription yet: retrain subscriptions add NAME\n',
  )
  const added = JSON.parse((await run('subscriptions', 'add', 'acme', '--json')).stdout)
  expect(added).toMatchObject({ name: 'acme', product: 'starter', state: 'active' })
  const rotated = JSON.parse((await run('subscriptions', 'rotate', 'acme', '--json')).stdout)
  expect(rotated.primaryKey).toMatch(/^[0-9a-f]{32}$/)
  expect(rotated.primaryKey).not.toBe(added.primaryKey)
  expect((await run('subscriptions', 'suspend', 'acme')).stdout).toBe('acme is suspended\n')
  expect((await run('subscriptions')).stdout).toMatch(/^acme +starter +suspended +1970-01-01T/m)
  expect((await run('subscriptions', 'list', '--json')).stdout).toBe(
    '{"name":"acme","product":"starter","state":"suspended","startsAt":"1970-01-01T00:00:00.000Z"}\n',
  )
  expect((await run('subscriptions', 'activate', 'acme')).stdout).toBe('acme is active\n')
  expect((await run('subscriptions', 'cancel', 'acme')).stdout).toBe('acme is cancelled\n')
  expect((await run('subscriptions', 'suspend', 'nobody')).stderr).toBe(
    'Cannot make subscription nobody suspended: there is none\n',
  )
})

test('a subscription is removed with its usage, once that is confirmed', async () => {
  await run('subscriptions', 'add', 'acme', '--customer', 'fabrikam')
  expect((await run('subscriptions')).stdout).toMatch(/^acme +starter +active +1970-01-01T\S+ +fabrikam$/m)
  const { subscriptions, usage } = await openStores({ folder: join(folder, 'gateway') })
  const row = encodeRollup(emptyRollup('acme', 'rrs-execute', 0), 'a')
  await usage.put(row)
  expect((await run('subscriptions', 'remove', 'acme')).exitCode).toBe(2)
  expect((await run('subscriptions', 'remove', 'acme', '--yes')).stdout).toBe(
    'acme is removed, with its usage\n',
  )
  expect(await subscriptions.list()).toEqual([])
  expect((await usage.list('acme', {}, { size: 10 })).rows).toEqual([])
  expect((await run('subscriptions', 'remove', 'acme', '--yes')).stderr).toBe(
    'Cannot remove subscription acme: there is none\n',
  )
})

test('usage is shown by subscription and operation', async () => {
  const rows = createMemoryTable()
  const stores = { subscriptions: createSubscriptionStore(createMemoryTable()), usage: rows }
  const call = {
    subscription: nobody,
    operation: 'rrs-execute',
    status: 'blocked',
    bytesIn: 0,
    bytesOut: 0,
  } as const
  const recorder = createUsageRecorder({
    table: rows,
    instance: 'a',
    names: async () => [call.subscription],
    now: () => 0,
  })
  recorder.record(call)
  await recorder.flush()
  let shown = ''
  const stream = { write: (text: string) => (shown += text) }
  const out = createOutput({ stdout: stream, stderr: stream, json: false, noColour: false })
  await showUsage({ stores, out, json: false, now: () => 0 }, { hours: 1 })
  expect(shown).toMatch(/\(no subscription\) +rrs-execute +1 +1 +0/)
  shown = ''
  await showUsage({ stores, out, json: false, now: () => 0 }, { hours: 1, byHour: true })
  expect(shown).toMatch(/1970-01-01T00:00 +\(no subscription\) +rrs-execute +1 +1 +0/)
  shown = ''
  await showUsage({ stores, out, json: false, now: () => 7_200_000 }, { hours: 1 })
  expect(shown).toBe('no calls in the last 1 hours\n')
  expect((await run('usage', 'nobody')).exitCode).toBe(3)
})

test('a subscription is added to a product of another file', async () => {
  const file = join(folder, 'products.json')
  const gold = { id: 'gold', name: 'Gold', endpointKeyMode: 'inject' }
  writeFileSync(file, JSON.stringify({ products: [gold] }))
  const add = ['subscriptions', 'add', 'acme', '--product', 'Gold']
  expect((await run(...add)).stderr).toMatch(/^Cannot add subscription acme: there is no product Gold/)
  expect((await run(...add, '--products', file)).stdout).toMatch(/^added acme \(gold\)/)
  writeFileSync(file, JSON.stringify({ products: [{ ...gold, rateLimit: 5 }] }))
  const wrong = await run(...add, '--products', file)
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/products.0.rateLimit: /) })
})
