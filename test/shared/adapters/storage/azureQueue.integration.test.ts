import { randomUUID } from 'node:crypto'
import { QueueClient } from '@azure/storage-queue'
import { beforeEach, expect, inject, test } from 'vitest'
import { createAzureQueue } from '../../../../shared/adapters/storage/azureQueue.ts'
import type { MessageQueue, QueueMessage } from '../../../../shared/lib/messageQueue.ts'

let queue: MessageQueue
let raw: QueueClient

beforeEach(async () => {
  const name = `q-${randomUUID()}`
  queue = createAzureQueue(inject('storage'), name)
  raw = new QueueClient(inject('storage'), name)
  await queue.create()
})

async function receiveOne(): Promise<QueueMessage> {
  const [message] = await queue.receive(1, 60)
  if (message === undefined) throw new Error('Cannot receive a message: none is visible')
  return message
}

test('creating a queue that is there changes nothing', async () => {
  await queue.send({ v: 1 })
  await queue.create()
  expect(await queue.count()).toBe(1)
})

test('a message travels as base64 JSON and never expires', async () => {
  await queue.send({ v: 1, name: 'Grüße' })
  const { peekedMessageItems } = await raw.peekMessages()
  const text = peekedMessageItems[0]?.messageText ?? ''
  expect(Buffer.from(text, 'base64').toString('utf8')).toBe('{"v":1,"name":"Grüße"}')
  expect(peekedMessageItems[0]?.expiresOn.getUTCFullYear()).toBe(9999)
})

test('a received message is decoded and hidden from others', async () => {
  await queue.send({ v: 1, jobId: '12345678901234567890' })
  const [message, none] = [await receiveOne(), await queue.receive(1, 60)]
  expect(message).toMatchObject({ body: { v: 1, jobId: '12345678901234567890' }, dequeueCount: 1 })
  expect(none).toEqual([])
  expect(await queue.count()).toBe(1)
})

test('receive takes as many as asked for', async () => {
  for (const n of [1, 2, 3]) await queue.send({ n })
  expect(await queue.receive(2, 60)).toHaveLength(2)
  expect(await queue.receive(32, 60)).toHaveLength(1)
})

test('a delayed message is there and invisible', async () => {
  await queue.send({ v: 1 }, 600)
  expect(await queue.receive(1, 60)).toEqual([])
  expect(await queue.count()).toBe(1)
})

test('a removed message is gone, also for whoever removes it again', async () => {
  await queue.send({ v: 1 })
  const message = await receiveOne()
  expect(await queue.remove(message)).toBe('removed')
  expect(await queue.remove(message)).toBe('gone')
  expect(await queue.hide(message, 5)).toBe('gone')
  expect(await queue.count()).toBe(0)
})

test('hide puts a message off; the receipt from before is refused', async () => {
  await queue.send({ v: 1 })
  const first = await receiveOne()
  expect(await queue.hide(first, 0)).toBe('hidden')
  const again = await receiveOne()
  expect(again).toMatchObject({ id: first.id, body: { v: 1 }, dequeueCount: 2 })
  expect(await queue.remove(first)).toBe('gone')
  expect(await queue.hide(first, 5)).toBe('gone')
  expect(await queue.remove(again)).toBe('removed')
})

test('hide with a body changes what the message says', async () => {
  await queue.send({ v: 1 })
  expect(await queue.hide(await receiveOne(), 0, { v: 2 })).toBe('hidden')
  expect((await receiveOne()).body).toEqual({ v: 2 })
})

test('a hidden message stays away until its time', async () => {
  await queue.send({ v: 1 })
  expect(await queue.hide(await receiveOne(), 604_800)).toBe('hidden')
  expect(await queue.receive(1, 60)).toEqual([])
})

test('a message that is not ours comes with its text and without a body', async () => {
  await raw.sendMessage('not json & <b>')
  expect(await receiveOne()).toMatchObject({ body: undefined, text: 'not json & <b>' })
})

test('a missing queue is not a missing message', async () => {
  const missing = createAzureQueue(inject('storage'), `m-${randomUUID()}`)
  await expect(missing.send({ v: 1 })).rejects.toThrow(/QueueNotFound/)
  await expect(missing.count()).rejects.toThrow(/^Cannot count messages of queue m-/)
})
