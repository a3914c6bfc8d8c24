import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { createAccountFacts } from '../../../../shared/adapters/storage/accountFacts.ts'
import { createAzureBlobs } from '../../../../shared/adapters/storage/azureBlob.ts'
import { createAzureQueue } from '../../../../shared/adapters/storage/azureQueue.ts'

/** Storage tells whole seconds. */
const toleranceMs = 2_000

test('storage tells its time', async () => {
  const container = `c-${randomUUID()}`
  const facts = createAccountFacts(inject('storage'), { container, queues: [] })
  await expect(facts.readStorageClock()).rejects.toThrow('Cannot ask storage for its time')
  await createAzureBlobs(inject('storage'), container).create()
  const beforeMs = Date.now()
  const toldMs = await facts.readStorageClock()
  expect(toldMs).toBeGreaterThan(beforeMs - toleranceMs)
  expect(toldMs).toBeLessThan(Date.now() + toleranceMs)
})

test('queues tell how many messages they and their poison queues hold, and since when', async () => {
  const [name, missing] = [`q-${randomUUID()}`, `q-${randomUUID()}`]
  const [queue, poison] = [name, `${name}-poison`].map((each) => createAzureQueue(inject('storage'), each))
  const beforeMs = Date.now()
  await queue?.create()
  await poison?.create()
  await queue?.send({ v: 1 })
  await queue?.send({ v: 1 }, 600)
  await poison?.send({ v: 1 })
  const [found, none] = await createAccountFacts(inject('storage'), {
    container: 'none',
    queues: [name, missing],
  }).readQueues()
  expect(found).toMatchObject({ name, messages: 2, poison: 1 })
  expect(found?.oldestSentAtMs).toBeGreaterThan(beforeMs - toleranceMs)
  expect(found?.oldestSentAtMs).toBeLessThan(Date.now() + toleranceMs)
  expect(none).toEqual({ name: missing, messages: 0, poison: 0 })
})
