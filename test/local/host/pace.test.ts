import { expect, test } from 'vitest'
import { createPace } from '../../../local/host/blob/pace.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryQueue } from './fakes/memoryQueue.ts'

function filling(waiting: number) {
  const clock = createFakeClock(0)
  const queue = createMemoryQueue('blobs', clock.now)
  for (let at = 0; at < waiting; at++) void queue.send('{}')
  const stop = new AbortController()
  let turns = 0
  const hasRoom = createPace({ queue, clock }, stop.signal)
  const lane = async () => {
    while (await hasRoom()) {
      turns++
      await queue.send('{}')
    }
  }
  const ended = Promise.all([lane(), lane()])
  return { clock, queue, stop, ended, turns: () => turns }
}

test('a full queue is filled on once messages were taken from it', async () => {
  const { clock, queue, stop, ended, turns } = filling(256)
  await clock.advance(10_000)
  expect(turns()).toBe(0)
  queue.items.splice(0, 100)
  await clock.advance(1_000)
  expect(queue.items.length).toBeGreaterThanOrEqual(256)
  expect(queue.items.length).toBeLessThan(256 + 64)
  stop.abort()
  await clock.advance(1_000)
  await ended
})

test('whoever waits for room is sent away when the host stops', async () => {
  const { clock, stop, ended, turns } = filling(300)
  await clock.advance(500)
  stop.abort()
  await clock.advance(1_000)
  await ended
  expect(turns()).toBe(0)
})
