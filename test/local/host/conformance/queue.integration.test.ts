import { expect, test } from 'vitest'
import { startHostUnderTest } from '../hostUnderTest.ts'
import { base64, containerNamed, makeQueue, peek, unique } from '../storage.ts'
import { eventually, openWitness } from '../witness.ts'

test('a queue function gets the decoded JSON, the metadata and each property of the object', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness()
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
  await startHostUnderTest({ functions: ['work'], environment })
  await queue.sendMessage(base64('{"id":"run-1","attempt":2}'))
  await eventually(() => expect(witness.told).toHaveLength(1))
  expect(witness.told[0]?.input).toEqual({ id: 'run-1', attempt: 2 })
  expect(witness.told[0]?.metadata).toMatchObject({ id: 'run-1', attempt: 2, dequeueCount: 1 })
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0))
  expect(await peek(`${queue.name}-poison`)).toEqual([])
})

test('a message that is not base64 goes to the poison queue without a run', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness()
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
  await startHostUnderTest({ functions: ['work'], environment })
  await queue.sendMessage('{"plain":"json"}')
  await eventually(async () => expect(await peek(`${queue.name}-poison`)).toEqual(['{"plain":"json"}']))
  expect(witness.told).toEqual([])
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0))
})

test('a message that fails five times at once is poison, its body unchanged and the original gone', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness(() => ({ do: 'throw', value: 'no good' }))
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
  await startHostUnderTest({ functions: ['work'], environment })
  await queue.sendMessage(base64('{"id":"ü"}'))
  await eventually(async () => expect(await peek(`${queue.name}-poison`)).toEqual([base64('{"id":"ü"}')]))
  expect(witness.told.map(({ metadata }) => metadata.dequeueCount)).toEqual([1, 2, 3, 4, 5])
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0))
})

test('a message received six times is poison without a run', async () => {
  const queue = await makeQueue('work')
  await queue.sendMessage(base64('{"id":"1"}'))
  for (let count = 0; count < 5; count++) {
    const [item] = (await queue.receiveMessages()).receivedMessageItems
    if (item !== undefined) await queue.updateMessage(item.messageId, item.popReceipt, undefined, 0)
  }
  const witness = await openWitness()
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
  await startHostUnderTest({ functions: ['work'], environment })
  await eventually(async () => expect(await peek(`${queue.name}-poison`)).toEqual([base64('{"id":"1"}')]))
  expect(witness.told).toEqual([])
})

test('a failed message is hidden for visibilityTimeout, as overridden in the environment', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness(() => ({ do: 'throw', value: 'not yet' }))
  const environment = {
    WITNESS_URL: witness.url,
    WORK_QUEUE: queue.name,
    AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:30',
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '2',
  }
  const host = await startHostUnderTest({ functions: ['work'], environment })
  await queue.sendMessage(base64('{"id":"1"}'))
  await eventually(() => expect(witness.told).toHaveLength(1))
  await host.stop()
  expect(await peek(queue.name)).toEqual([])
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1)
})

test('an array that a function returns becomes a message per item; a blob output is written', async () => {
  const queue = await makeQueue('fan')
  const other = unique('other')
  const out = unique('out')
  const witness = await openWitness(({ functionName }) =>
    functionName === 'fan' ? { do: 'return', value: [{ n: 1 }, { n: 2 }, { n: 3 }] } : { do: 'return' },
  )
  const environment = {
    WITNESS_URL: witness.url,
    FAN_QUEUE: queue.name,
    OTHER_QUEUE: other,
    OUT_CONTAINER: out,
  }
  await startHostUnderTest({ functions: ['fan', 'other'], environment })
  await queue.sendMessage(base64('{"id":"run-1"}'))
  await eventually(() => expect(witness.of('other')).toHaveLength(3))
  expect(
    witness
      .of('other')
      .map(({ input }) => JSON.stringify(input))
      .sort(),
  ).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
  const copy = containerNamed(out).getBlobClient('run-1.txt')
  await eventually(async () => expect((await copy.downloadToBuffer()).toString('utf8')).toBe('copy of run-1'))
})

test('a throw fails its own message only', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness(({ input }) =>
    (input as { id: string }).id === 'bad' ? { do: 'throw', value: 'no good' } : { do: 'return' },
  )
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
  await startHostUnderTest({ functions: ['work'], environment })
  for (const id of ['a', 'bad', 'b']) await queue.sendMessage(base64(JSON.stringify({ id })))
  await eventually(async () => expect(await peek(`${queue.name}-poison`)).toEqual([base64('{"id":"bad"}')]))
  const done = () =>
    witness.told.map(({ input }) => (input as { id: string }).id).filter((id) => id !== 'bad')
  await eventually(() => expect(done().sort()).toEqual(['a', 'b']))
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0))
})
