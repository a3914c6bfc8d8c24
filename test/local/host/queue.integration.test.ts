import { expect, test, vi } from 'vitest'
import { startHostUnderTest } from './hostUnderTest.ts'
import { base64, makeQueue, peek } from './storage.ts'
import { openWitness } from './witness.ts'

test('a queue function gets the decoded JSON, the metadata and each property of the object', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness()
  await startHostUnderTest({
    functions: ['work'],
    environment: { WITNESS_URL: witness.url, WORK_QUEUE: queue.name },
  })
  await queue.sendMessage(base64('{"id":"run-1","attempt":2}'))
  await vi.waitFor(() => expect(witness.told).toHaveLength(1))
  expect(witness.told[0]?.input).toEqual({ id: 'run-1', attempt: 2 })
  expect(witness.told[0]?.metadata).toMatchObject({ id: 'run-1', attempt: 2, dequeueCount: 1 })
  await vi.waitFor(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0))
  expect(await peek(`${queue.name}-poison`)).toEqual([])
})
