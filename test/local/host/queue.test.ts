import { expect, test } from 'vitest'
import { decodeText, encodeText } from '../../../local/host/queue/messageText.ts'
import { nextPollingMs } from '../../../local/host/queue/pollingInterval.ts'
import { type ProcessRules, processItem } from '../../../local/host/queue/processItem.ts'
import { poisonQueueName, queueCall } from '../../../local/host/queue/queueTrigger.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryLog } from './fakes/memoryLog.ts'
import { createMemoryQueue } from './fakes/memoryQueue.ts'

const texts: [when: string, text: string, encoding: 'base64' | 'none', then: string | undefined][] = [
  ['base64 of UTF-8', 'w7w=', 'base64', 'ü'],
  ['base64 with white space', 'aGVs\r\nbG8=', 'base64', 'hello'],
  ['the empty text', '', 'base64', ''],
  ['plain JSON', '{"a":1}', 'base64', undefined],
  ['padding left out', 'aGVsbG8', 'base64', undefined],
  ['bytes that are no UTF-8', '/w==', 'base64', undefined],
  ['no encoding', '{"a":1}', 'none', '{"a":1}'],
]
test.each(texts)('decodeText: %s', (_when, text, encoding, then) => {
  expect(decodeText(text, encoding)).toBe(then)
})

test('encodeText is undone by decodeText', () => {
  expect(encodeText('ü', 'base64')).toBe('w7w=')
  expect(encodeText('ü', 'none')).toBe('ü')
})

const waits: [when: string, beforeMs: number, random: number, thenMs: number][] = [
  ['first empty answer', 0, 0.5, 100],
  ['doubles', 100, 0.5, 200],
  ['20 % less', 100, 0, 160],
  ['20 % more', 100, 1, 240],
  ['at most the setting', 1_500, 0.5, 2_000],
]
test.each(waits)('nextPollingMs: %s', (_when, beforeMs, random, thenMs) => {
  expect(nextPollingMs(beforeMs, 2_000, random)).toBeCloseTo(thenMs, 6)
})

test('a poison queue has none itself, nor has a queue whose name would get too long', () => {
  expect(poisonQueueName('jobs')).toBe('jobs-poison')
  expect(poisonQueueName('jobs-poison')).toBeUndefined()
  expect(poisonQueueName('q'.repeat(57))).toBeUndefined()
})

test('properties of a JSON object are metadata and hide what the host says under the same name', () => {
  const item = {
    id: 'message',
    popReceipt: 'r',
    text: '',
    dequeueCount: 3,
    insertedAtMs: 0,
    expiresAtMs: 0,
    nextVisibleAtMs: 0,
  }
  const { data, metadata } = queueCall('{"id":"mine","n":{"a":1}}', item)
  expect(data).toEqual({ string: '{"id":"mine","n":{"a":1}}' })
  expect(metadata).toMatchObject({
    id: { string: 'mine' },
    n: { json: '{"a":1}' },
    DequeueCount: { json: '3' },
    InsertionTime: { json: '"1970-01-01T00:00:00.000+00:00"' },
  })
  expect(metadata).not.toHaveProperty('Id')
  expect(queueCall('[1]', item).metadata).toHaveProperty('Id')
})

const rules: ProcessRules = { maxDequeueCount: 5, visibilityMs: 0, leaseSeconds: 600 }

function scene(run: () => Promise<boolean>, given: Partial<ProcessRules> = {}) {
  const clock = createFakeClock(0)
  const queue = createMemoryQueue('jobs', clock.now)
  const poison = createMemoryQueue('jobs-poison', clock.now)
  const ports = { queue, poison, decode: (text: string) => text, run, clock, log: createMemoryLog() }
  const process = async () => {
    const items = await queue.receive(1, 600)
    if (items === 'missing' || items[0] === undefined) throw new Error('no message is visible')
    return processItem(ports, { ...rules, ...given }, items[0])
  }
  return { clock, queue, poison, process }
}

test('a handler of eleven minutes keeps its lease, and its message is deleted with the renewed receipt', async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const { clock, queue, process } = scene(() => promise)
  await queue.send('text')
  const processing = process()
  await clock.advance(11 * 60_000)
  expect(queue.items).toMatchObject([{ dequeueCount: 1, visibleAtMs: 20 * 60_000 }])
  resolve(true)
  await processing
  expect(queue.items).toEqual([])
})

test('a failed attempt hides the message for visibilityTimeout', async () => {
  const { clock, queue, process } = scene(async () => false, { visibilityMs: 30_000 })
  await queue.send('text')
  await process()
  expect(queue.items).toMatchObject([{ dequeueCount: 1, visibleAtMs: 30_000 }])
  await expect(process()).rejects.toThrow('no message is visible')
  await clock.advance(30_000)
  await process()
  expect(queue.items).toMatchObject([{ dequeueCount: 2, visibleAtMs: 60_000 }])
})

test('with a visibilityTimeout of 0 five attempts follow each other at once, then the message is poison', async () => {
  const { queue, poison, process } = scene(async () => false)
  await queue.send('text')
  for (let attempt = 1; attempt <= 5; attempt++) await process()
  expect(queue.items).toEqual([])
  expect(poison.items).toMatchObject([{ text: 'text', dequeueCount: 0 }])
})

test('a message of a poison queue that fails stays hidden until its lease runs out', async () => {
  const clock = createFakeClock(0)
  const queue = createMemoryQueue('jobs-poison', clock.now)
  await queue.send('text')
  const received = await queue.receive(1, 600)
  const log = createMemoryLog()
  const ports = {
    queue,
    poison: undefined,
    decode: (text: string) => text,
    run: async () => false,
    clock,
    log,
  }
  if (received !== 'missing' && received[0] !== undefined) await processItem(ports, rules, received[0])
  expect(queue.items).toMatchObject([{ visibleAtMs: 600_000 }])
})

test('a message that somebody else received meanwhile is left to them', async () => {
  const { queue, process } = scene(async () => {
    const stored = queue.items[0]
    if (stored !== undefined) stored.visibleAtMs = 0
    await queue.receive(1, 600)
    return true
  })
  await queue.send('text')
  await process()
  expect(queue.items).toMatchObject([{ text: 'text', dequeueCount: 2 }])
})
