import { randomUUID } from 'node:crypto'
import { expect, inject, test, vi } from 'vitest'
import { createAppPorts } from '../../../shared/adapters/appPorts.ts'
import { createAzureStores, createMissing } from '../../../shared/adapters/azureStores.ts'
import { acceptDrop } from '../../../shared/retraining/acceptDrop.ts'
import { eraseCustomer } from '../../../shared/retraining/eraseCustomer.ts'
import { offerUpload } from '../../../shared/retraining/offerUpload.ts'
import { createMemoryServices } from '../../fakes/memoryServices.ts'
import { createSurroundings } from '../../fakes/surroundings.ts'
import { limits, service, settings } from '../../fakes/world.ts'
import { countMessages, playOnce } from '../../playOnce.ts'
import { storageSinks } from '../../secrets/sinks.ts'
import { patience } from '../../setup/patience.ts'

/** The app over real storage; only the services and the clockwork are in memory. */
async function openApp() {
  const prefix = `e${randomUUID().slice(0, 8)}`
  const stores = createAzureStores(inject('storage'), prefix)
  await createMissing(stores)
  const clock = { now: Date.now }
  const quiet = () => undefined
  const outside = { ...createMemoryServices(clock, { trainSeconds: 0 }), ...clock, newId: randomUUID }
  const app = createAppPorts(
    stores,
    {
      ...outside,
      random: Math.random,
      redact: (text) => text,
      log: { info: quiet, warn: quiet, error: quiet },
    },
    { ...limits, pollFirstSeconds: 1, tickSeconds: 2 },
  )
  const ports = { ...app, ...createSurroundings(clock), deleteEndpoint: async () => undefined }
  await ports.putTrainingService(service)
  return { stores, ports, prefix }
}

/** Where it is found in the app's own stores: others' come and go in the same account while this looks. */
async function traces(prefix: string, customerId: string): Promise<string[]> {
  const found: string[] = []
  for await (const { where, text } of storageSinks(inject('storage'), undefined, prefix)) {
    if (text.includes(customerId) || where.includes(customerId)) found.push(where)
  }
  return found
}

test('a customer that uploaded, trained and was erased is found in no table, queue or container, once messages that waited have come', async () => {
  const { ports, stores, prefix } = await openApp()
  const customerId = `gone-${randomUUID().slice(0, 8)}`
  const key = { customerId, model: 'census' }
  await ports.putSettings({ ...settings, customerId })
  const upload = await offerUpload(ports, key, 'march.csv')
  const headers = { 'x-ms-blob-type': 'BlockBlob' }
  const put = await fetch(upload?.url ?? '', { method: 'PUT', body: 'age\n39\n', headers })
  expect(put.status).toBe(201)
  expect(await acceptDrop(ports, upload?.name ?? '')).toBe('accepted')
  await playOnce(ports, stores.queues)
  const dead = {
    source: 'runs',
    id: randomUUID(),
    reason: 'x',
    body: JSON.stringify(key),
    key,
    atMs: Date.now(),
  }
  await ports.recordDeadLetter(dead)
  const target = `customers/${customerId}/models/census/retrain`
  const begun = { what: 'retrain', target, by: 'zoe', reason: 'test', requestId: 'r', beganAtMs: Date.now() }
  await ports.beginAudit(begun)
  expect((await traces(prefix, customerId)).length).toBeGreaterThan(8)
  await ports.sendPoll({ v: 1, ...key, generation: 1, token: 'waits longer than erasing takes' }, 3)
  await vi.waitFor(async () => {
    await playOnce(ports, stores.queues)
    const outcome = await eraseCustomer(ports, customerId, { by: 'zoe', reason: 'test', force: true })
    expect(outcome.kind).toBe('erased')
  }, patience)
  await vi.waitFor(async () => {
    await playOnce(ports, stores.queues)
    expect(await countMessages(stores.queues)).toBe(0)
  }, patience)
  expect(await traces(prefix, customerId)).toEqual([])
})
