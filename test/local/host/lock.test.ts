import { expect, test } from 'vitest'
import { workUnderLock } from '../../../local/host/storage/lock.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryLog } from './fakes/memoryLog.ts'
import { createMemoryState } from './fakes/memoryState.ts'

const minute = 60_000
const hour = 60 * minute
const lock = { name: 'locks/host/tick', leaseMs: minute, retryMs: minute }

test('work under a lock that is lost is ended and begun again', async () => {
  const clock = createFakeClock(0)
  const state = createMemoryState(clock.now)
  const stopping = new AbortController()
  const begun: number[] = []
  const work = async (signal: AbortSignal) => {
    begun.push(clock.now())
    await clock.after(24 * hour, signal)
  }
  const working = workUnderLock({ state, clock, log: createMemoryLog() }, lock, work, stopping.signal)
  await clock.settle()
  Object.assign(state.blobs.get(lock.name) ?? {}, { leaseId: 'another', leasedUntilMs: 45_000 })
  await clock.advance(2 * minute)
  expect(begun).toEqual([0, 90_000])
  stopping.abort()
  await working
  expect(state.blobs.get(lock.name)?.leasedUntilMs).toBe(0)
})
