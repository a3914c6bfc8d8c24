import { expect, test } from 'vitest'
import { readWebhook } from '../../../local/host/blob/blobEvent.ts'
import {
  type BlobMessage,
  decodeBlobMessage,
  encodeBlobMessage,
} from '../../../local/host/blob/blobMessage.ts'
import { notifyOnce, receiptName } from '../../../local/host/blob/notify.ts'
import { compilePattern } from '../../../local/host/blob/pathPattern.ts'
import { createScanner, type ScanPorts } from '../../../local/host/blob/scan.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryContainer } from './fakes/memoryContainer.ts'
import { createMemoryLog } from './fakes/memoryLog.ts'
import { createMemoryState } from './fakes/memoryState.ts'

const paths: [when: string, path: string, blob: string, then: Record<string, string> | undefined][] = [
  ['a parameter takes slashes', 'drops/{name}', 'a/b.csv', { name: 'a/b.csv' }],
  ['the first takes all it can', 'drops/{a}/{b}', 'x/y/z', { a: 'x/y', b: 'z' }],
  ['a literal end', 'drops/{name}.csv', 'a.txt', undefined],
  ['case counts', 'drops/{name}.csv', 'a.CSV', undefined],
  ['a literal with dots', 'drops/{c}/in.csv', 'a/inXcsv', undefined],
  ['the same parameter twice', 'drops/{c}/{c}.csv', 'a/a.csv', { c: 'a' }],
  ['braces', 'drops/{{{name}}}', '{a}', { name: 'a' }],
  ['no blob part', 'drops', 'anything', {}],
]
test.each(paths)('compilePattern: %s', (_when, path, blob, then) => {
  expect(compilePattern(path).match(blob)).toEqual(then)
})

test.each(['Drops/{name}', 'dr/{name}', 'drops/{', 'drops/{}', '{c}/{name}'])(
  'path "%s" is refused',
  (path) => {
    expect(() => compilePattern(path)).toThrow(`its path "${path}"`)
  },
)

const message: BlobMessage = {
  functionId: 'Host.Functions.landed',
  blobType: 'BlockBlob',
  containerName: 'drops',
  blobName: 'a/ü.csv',
  etag: '0x1',
}

test('a message of the internal queue is as the real host writes it', () => {
  const text = encodeBlobMessage(message)
  expect(text).toBe(
    '{"Type":"BlobTrigger","FunctionId":"Host.Functions.landed","BlobType":"BlockBlob","ContainerName":"drops","BlobName":"a/ü.csv","ETag":"\\"0x1\\""}',
  )
  expect(decodeBlobMessage(text)).toEqual(message)
  expect(receiptName('host', message)).toBe('blobreceipts/host/Host.Functions.landed/"0x1"/drops/a/ü.csv')
})

function notifying() {
  const clock = createFakeClock(0)
  const state = createMemoryState(clock.now)
  const texts: string[] = []
  const ports = { state, hostId: 'host', enqueue: async (text: string) => void texts.push(text) }
  return { clock, state, texts, ports }
}

test('a version of a blob is told of once', async () => {
  const { texts, ports } = notifying()
  expect([await notifyOnce(ports, message), await notifyOnce(ports, message)]).toEqual(['notified', 'known'])
  expect(await notifyOnce(ports, { ...message, etag: '0x2' })).toBe('notified')
  expect(texts).toHaveLength(2)
})

test('a receipt that another host holds is busy; one it left incomplete is taken up after its lease', async () => {
  const { clock, state, texts, ports } = notifying()
  const name = receiptName('host', message)
  await state.create(name, { Incomplete: '1' })
  await state.lease(name, 30)
  expect(await notifyOnce(ports, message)).toBe('busy')
  await clock.advance(30_000)
  expect(await notifyOnce(ports, message)).toBe('notified')
  expect(texts).toHaveLength(1)
})

function scanning(firstSweep: 'all' | 'newOnly' = 'all') {
  const clock = createFakeClock(100_500)
  const container = createMemoryContainer('drops')
  const told: string[] = []
  const answers: ('notified' | 'busy')[] = []
  const ports: ScanPorts = {
    container,
    state: createMemoryState(clock.now),
    hostId: 'host',
    hostStartedMs: clock.now(),
    notify: async ({ blobName, etag }) => {
      const answer = answers.shift() ?? 'notified'
      if (answer === 'notified') told.push(`${blobName} ${etag}`)
      return answer
    },
    now: clock.now,
    log: createMemoryLog(),
  }
  const subscribers = [{ functionId: 'f', pattern: compilePattern('drops/{name}.csv'), firstSweep }]
  return { clock, container, told, answers, start: () => createScanner(ports, subscribers) }
}

test('the first sweep tells of all blobs that fit, over several pages; the next of none of them', async () => {
  const { container, told, start } = scanning()
  for (const name of ['a.csv', 'b.csv', 'c.txt', 'd.csv']) container.put(name, '1', 90_000)
  const scanner = start()
  await scanner.sweep()
  await scanner.sweep()
  expect(told).toEqual(['a.csv 1', 'b.csv 1', 'd.csv 1'])
})

test('a host that starts again tells only of what came since the last sweep', async () => {
  const { clock, container, told, start } = scanning()
  container.put('a.csv', '1', 90_000)
  await start().sweep()
  container.put('b.csv', '1', 101_000)
  await clock.advance(10_000)
  await start().sweep()
  expect(told).toEqual(['a.csv 1', 'a.csv 1', 'b.csv 1'])
  container.put('c.csv', '1', 109_000)
  await start().sweep()
  expect(told.slice(3)).toEqual(['b.csv 1', 'c.csv 1'])
})

test('a new version is told of, also one written in the second of the sweep', async () => {
  const { container, told, start } = scanning()
  const scanner = start()
  await scanner.sweep()
  container.put('a.csv', '1', 100_000)
  await scanner.sweep()
  container.put('a.csv', '2', 100_000)
  await scanner.sweep()
  expect(told).toEqual(['a.csv 1', 'a.csv 2'])
})

test('a blob that another host is telling of is offered again', async () => {
  const { container, told, answers, start } = scanning()
  container.put('a.csv', '1', 90_000)
  container.put('b.csv', '1', 91_000)
  answers.push('busy')
  const scanner = start()
  await scanner.sweep()
  expect(told).toEqual(['b.csv 1'])
  await scanner.sweep()
  expect(told).toEqual(['b.csv 1', 'a.csv 1'])
})

test('simulated events tell of nothing that was there at the first start', async () => {
  const { clock, container, told, start } = scanning('newOnly')
  container.put('a.csv', '1', 90_000)
  const scanner = start()
  await scanner.sweep()
  expect(told).toEqual([])
  await clock.advance(1_000)
  container.put('b.csv', '1', 101_000)
  await scanner.sweep()
  expect(told).toEqual(['b.csv 1'])
})

test('simulated events tell of what came between the start of the host and a late first sweep', async () => {
  const { clock, container, told, start } = scanning('newOnly')
  container.put('a.csv', '1', 99_000)
  container.put('b.csv', '1', 100_000)
  container.put('c.csv', '1', 102_000)
  await clock.advance(5_000)
  const scanner = start()
  await scanner.sweep()
  await scanner.sweep()
  expect(told).toEqual(['b.csv 1', 'c.csv 1'])
})

const created = (url: string) =>
  JSON.stringify([
    { eventType: 'Microsoft.Storage.BlobCreated', data: { url, eTag: '"0x1"', blobType: 'BlockBlob' } },
  ])
const calls: [when: string, type: string | undefined, body: string, then: object][] = [
  [
    'the handshake of a subscription',
    'SubscriptionValidation',
    '[{"data":{"validationCode":"abc"}}]',
    { kind: 'validate', code: 'abc' },
  ],
  [
    'an event of an account in the cloud',
    'Notification',
    created('https://acct.blob.core.windows.net/drops/a/%C3%BC.csv'),
    { kind: 'notify', messages: [message] },
  ],
  [
    'an event of the storage emulator',
    'Notification',
    created('http://127.0.0.1:10000/devstoreaccount1/drops/a/%C3%BC.csv'),
    { kind: 'notify', messages: [message] },
  ],
  ['no array', 'Notification', '{}', { kind: 'refused' }],
  ['an event without address', 'Notification', '[{}]', { kind: 'refused' }],
  ['no event type', undefined, '[]', { kind: 'refused' }],
]
test.each(calls)('readWebhook: %s', (_when, type, body, then) => {
  expect(readWebhook(type, body, 'Host.Functions.landed')).toMatchObject(then)
})
