import { randomUUID } from 'node:crypto'
import { expect, inject, test, vi } from 'vitest'
import { type AppPorts, createAppPorts } from '../../../shared/adapters/appPorts.ts'
import { createAzureStores, createMissing } from '../../../shared/adapters/azureStores.ts'
import { acceptDrop } from '../../../shared/retraining/acceptDrop.ts'
import { reconcile } from '../../../shared/retraining/reconcile.ts'
import { createMemoryServices } from '../../fakes/memoryServices.ts'
import { limits, service, settings } from '../../fakes/world.ts'
import { countMessages, playOnce } from '../../playOnce.ts'
import { patience } from '../../setup/patience.ts'

const key = { customerId: 'contoso', model: 'census' }

/** The app over real storage, with services in memory and one second instead of many. */
async function createAzuriteWorld() {
  const stores = createAzureStores(inject('storage'), `t${randomUUID().slice(0, 8)}`)
  await createMissing(stores)
  const clock = { now: Date.now }
  const services = createMemoryServices(clock, { trainSeconds: 1 })
  const quiet = () => undefined
  const ports = createAppPorts(
    stores,
    {
      ...services,
      ...clock,
      newId: randomUUID,
      random: Math.random,
      redact: (text) => text,
      log: { info: quiet, warn: quiet, error: quiet },
    },
    { ...limits, pollFirstSeconds: 1, pollMaxSeconds: 1, checkDelaySeconds: 1, tickSeconds: 2 },
  )
  await ports.putTrainingService(service)
  await ports.putSettings(settings)
  return { stores, services, ports }
}

test('on real storage a drop becomes the live model, and nothing is left in a queue', async () => {
  const { ports, stores, services } = await createAzuriteWorld()
  const { trainingData, trainingSets } = stores.containers
  await trainingData.put('contoso/census/march.csv', new TextEncoder().encode('age\n39\n'), 'text/csv')
  expect(await acceptDrop(ports, 'contoso/census/march.csv')).toBe('accepted')
  expect(await acceptDrop(ports, 'contoso/census/march.csv')).toBe('known')
  await vi.waitFor(async () => {
    await playOnce(ports, stores.queues)
    expect((await ports.readRun({ ...key, generation: 1 }))?.value.state).toBe('live')
  }, patience)
  await vi.waitFor(async () => {
    await playOnce(ports, stores.queues)
    expect(await countMessages(stores.queues)).toBe(0)
  }, patience)
  const run = (await ports.readRun({ ...key, generation: 1 }))?.value
  expect(run).toMatchObject({
    warrant: 'firstModel',
    metrics: { AUC: 0.9 },
    evidence: 'location and probe row',
  })
  expect(new TextDecoder().decode(await trainingSets.read(run?.input?.name ?? '', 1_000))).toBe('age\n39\n')
  expect(services.patches).toHaveLength(1)
  const writtenMsAgo = Date.now() - ((await ports.readHead(key))?.modifiedAtMs ?? 0)
  expect(Math.abs(writtenMsAgo)).toBeLessThan(300_000)
})

/** Sweeps until it came by everything that landed: on a busy machine a tick of 2 seconds ends before that. */
const sweepAll = (ports: AppPorts) => reconcile({ ...ports, tickSeconds: 60 })

test('on real storage a burst is one generation, marked whole, and reconcile finds nothing to do after it', async () => {
  const { ports, stores, services } = await createAzuriteWorld()
  const names = Array.from({ length: 60 }, (_, index) => `contoso/census/${index}.csv`)
  await Promise.all(
    names.map((name) =>
      stores.containers.trainingData.put(name, new TextEncoder().encode(`age\n${name}\n`), 'text/csv'),
    ),
  )
  await sweepAll(ports)
  await vi.waitFor(async () => {
    await playOnce(ports, stores.queues)
    expect((await ports.readHead(key))?.value.live).toBeGreaterThanOrEqual(1)
    expect((await ports.readHead(key))?.value.inFlight).toBeUndefined()
    expect(await ports.hasPending(key)).toBe(false)
  }, patience)
  await sweepAll(ports)
  const { drops } = await ports.readDrops(key, { size: 100 })
  expect(drops).toHaveLength(60)
  expect(drops.every((drop) => drop.state === 'taken' && drop.generation !== undefined)).toBe(true)
  const started = [...services.jobs.values()].filter((job) => job.starts > 0)
  expect(started).toHaveLength((await ports.readHead(key))?.value.lastGeneration ?? 0)
})
