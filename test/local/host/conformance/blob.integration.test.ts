import { expect, test } from 'vitest'
import { hostKind, startHostUnderTest } from '../hostUnderTest.ts'
import { makeContainer, peek, unique } from '../storage.ts'
import { eventually, type Instruction, openWitness, type Told } from '../witness.ts'

async function scene(decide: (told: Told) => Instruction | Promise<Instruction> = () => ({ do: 'return' })) {
  const container = await makeContainer('drops')
  const witness = await openWitness(decide)
  const hostId = unique('host')
  const environment = { WITNESS_URL: witness.url, CONTAINER: container.containerName }
  const start = (given: Record<string, string> = {}) =>
    startHostUnderTest({ functions: ['landed'], hostId, environment: { ...environment, ...given } })
  const put = (name: string, text: string) =>
    container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text))
  return { container, witness, hostId, start, put }
}

test('blobs that are there start their function once, at the first start and not at the second', async () => {
  const { container, witness, start, put } = await scene()
  const { etag } = await put('southwest/a ü.csv', 'x,y\n1,2\n')
  await put('southwest/readme.txt', 'not a drop')
  const first = await start()
  await eventually(() => expect(witness.told).toHaveLength(1))
  expect(witness.told[0]?.input).toBe('x,y\n1,2\n')
  expect(witness.told[0]?.metadata).toMatchObject({
    blobTrigger: `${container.containerName}/southwest/a ü.csv`,
    customer: 'southwest',
    name: 'a ü',
    uri: container.getBlobClient('southwest/a ü.csv').url,
    properties: { eTag: etag, contentLength: 8 },
  })
  await first.stop()
  await start()
  await put('southwest/b.csv', 'later')
  await eventually(() => expect(witness.told).toHaveLength(2))
  expect(witness.told[1]?.input).toBe('later')
})

test('an overwritten blob starts its function exactly twice', async () => {
  const { witness, start, put } = await scene()
  await start()
  await put('southwest/a.csv', 'one')
  await eventually(() => expect(witness.told).toHaveLength(1))
  await put('southwest/a.csv', 'two')
  await put('southwest/b.csv', 'after')
  await eventually(() => expect(witness.told).toHaveLength(3))
  expect(witness.told.map(({ input }) => input).sort()).toEqual(['after', 'one', 'two'])
})

test('a blob overwritten while its function runs starts it again with the new content', async () => {
  const { promise, resolve } = Promise.withResolvers<Instruction>()
  const { witness, start, put } = await scene(({ input }) => (input === 'one' ? promise : { do: 'return' }))
  await start()
  await put('southwest/a.csv', 'one')
  await eventually(() => expect(witness.told).toHaveLength(1))
  await put('southwest/a.csv', 'two')
  resolve({ do: 'return' })
  await eventually(() => expect(witness.told).toHaveLength(2))
  expect(witness.told[1]?.input).toBe('two')
})

test('a failing blob function ends as JSON in the poison queue after five attempts', async () => {
  const { container, witness, start, put } = await scene(() => ({ do: 'throw', value: 'no good' }))
  const { etag } = await put('southwest/a.csv', 'one')
  await start()
  const mine = async () =>
    (await peek('webjobs-blobtrigger-poison'))
      .map((text) => JSON.parse(Buffer.from(text, 'base64').toString('utf8')))
      .filter(({ ContainerName }) => ContainerName === container.containerName)
  await eventually(async () => expect(await mine()).toHaveLength(1))
  expect(await mine()).toEqual([
    {
      Type: 'BlobTrigger',
      FunctionId: 'Host.Functions.landed',
      BlobType: 'BlockBlob',
      ContainerName: container.containerName,
      BlobName: 'southwest/a.csv',
      ETag: etag,
    },
  ])
  expect(witness.told).toHaveLength(5)
})

test('of two hosts with one host id each version of a blob starts its function once', async () => {
  const { witness, start, put } = await scene()
  await Promise.all([start(), start()])
  for (let number = 0; number < 10; number++) await put(`southwest/${number}.csv`, String(number))
  await eventually(() => expect(witness.told.length).toBeGreaterThanOrEqual(10))
  await put('southwest/last.csv', 'last')
  await eventually(() => expect(witness.told.map(({ input }) => input)).toContain('last'))
  expect(witness.told.map(({ input }) => input).sort()).toEqual([...'0123456789', 'last'])
})

const builtInOnly = test.skipIf(hostKind === 'func')

builtInOnly('source EventGrid: events are made by a scan', async () => {
  const { witness, start, put } = await scene()
  await start({ BLOB_SOURCE: 'EventGrid' })
  await put('southwest/after.csv', 'after')
  await eventually(() => expect(witness.told.map(({ input }) => input)).toContain('after'))
})

test('source EventGrid: the webhook answers the handshake and takes events', async () => {
  const { container, witness, start, put } = await scene()
  const { etag } = await put('southwest/a.csv', 'posted')
  const host = await start({ BLOB_SOURCE: 'EventGrid', LOCAL_HOST_SIMULATE_EVENTS: 'false' })
  const post = (type: string, body: object) =>
    fetch(`${host.url}/runtime/webhooks/blobs?functionName=Host.Functions.landed`, {
      method: 'POST',
      headers: { 'aeg-event-type': type },
      body: JSON.stringify(body),
    })
  const handshake = await post('SubscriptionValidation', [
    { eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: 'abc' } },
  ])
  expect(await handshake.json()).toEqual({ validationResponse: 'abc' })
  const url = container.getBlobClient('southwest/a.csv').url
  const data = { url, eTag: etag, blobType: 'BlockBlob', api: 'PutBlob' }
  const notified = await post('Notification', [{ eventType: 'Microsoft.Storage.BlobCreated', data }])
  expect(notified.status).toBe(202)
  await eventually(() => expect(witness.told).toHaveLength(1))
  expect(witness.told[0]?.input).toBe('posted')
})
