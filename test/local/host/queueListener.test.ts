import { expect, test } from 'vitest'
import { listenToQueue } from '../../../local/host/queue/queueListener.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryLog } from './fakes/memoryLog.ts'
import { createMemoryQueue } from './fakes/memoryQueue.ts'

function listening(handle: () => Promise<void>) {
  const clock = createFakeClock(0)
  const queue = createMemoryQueue('jobs', clock.now)
  const stopping = new AbortController()
  const limits = { batchSize: 4, newBatchThreshold: 1, maxPollingMs: 60_000, leaseSeconds: 600 }
  const ports = { queue, handle, clock, random: () => 0.5, log: createMemoryLog() }
  const start = () => listenToQueue(ports, limits, stopping.signal)
  return { clock, queue, stopping, start }
}

test('a new batch is fetched only when no more than newBatchThreshold messages are in work', async () => {
  const held: (() => void)[] = []
  const { clock, queue, stopping, start } = listening(() => new Promise((resolve) => held.push(resolve)))
  for (let count = 0; count < 10; count++) await queue.send(String(count))
  const listener = start()
  await clock.settle()
  expect(held).toHaveLength(4)
  held[0]?.()
  held[1]?.()
  await clock.settle()
  expect(held).toHaveLength(4)
  held[2]?.()
  await clock.settle()
  expect(held).toHaveLength(8)
  stopping.abort()
  for (const release of held) release()
  await listener.ended
  expect(held).toHaveLength(8)
})

test('an empty queue is asked ever more rarely, until a message comes or the listener is woken', async () => {
  const handled: number[] = []
  const { clock, queue, stopping, start } = listening(async () => void handled.push(clock.now()))
  const listener = start()
  await clock.advance(100 + 200 + 400 + 800)
  await queue.send('text')
  await clock.advance(1_599)
  expect(handled).toEqual([])
  await clock.advance(1)
  expect(handled).toEqual([3_100])
  await clock.advance(60_000)
  await queue.send('text')
  listener.wake()
  await clock.settle()
  expect(handled).toEqual([3_100, 63_100])
  stopping.abort()
  await listener.ended
})

test('stopping waits for what was fetched', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { clock, queue, stopping, start } = listening(() => promise)
  await queue.send('text')
  let hasEnded = false
  const ended = start().ended.then(() => {
    hasEnded = true
  })
  await clock.settle()
  stopping.abort()
  await clock.settle()
  expect(hasEnded).toBe(false)
  resolve()
  await ended
  expect(hasEnded).toBe(true)
})

test('a message that comes while the host stops is given back without a run', async () => {
  const handled: string[] = []
  const { clock, queue, stopping, start } = listening(async () => void handled.push('run'))
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const { receive } = queue
  queue.receive = async (count, seconds) => {
    await answered
    return receive(count, seconds)
  }
  await queue.send('text')
  const { ended } = start()
  await clock.settle()
  stopping.abort()
  answer()
  await ended
  expect(handled).toEqual([])
  expect(queue.items).toMatchObject([{ visibleAtMs: 0 }])
})
