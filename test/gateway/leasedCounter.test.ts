import { expect, test } from 'vitest'
import { blockSize, createLeasedCounter } from '../../gateway/limits/leasedCounter.ts'
import type { CounterTable } from '../../gateway/limits/sharedSlots.ts'
import type { Window } from '../../gateway/limits/window.ts'
import { createMemoryTable } from '../fakes/memoryTable.ts'

const window: Window = { kind: 'rate', calls: 50, renewalPeriodSeconds: 60 }

function bench(table: CounterTable = createMemoryTable()) {
  const clock = { nowMs: 1_000_000 }
  const writes = { count: 0 }
  const counted: CounterTable = {
    get: table.get,
    insert: (row) => {
      writes.count++
      return table.insert(row)
    },
    replace: (row, etag) => {
      writes.count++
      return table.replace(row, etag)
    },
  }
  const process = () =>
    createLeasedCounter({ table: counted, now: () => clock.nowMs, pause: async () => {}, random: () => 0.5 })
  return { clock, writes, process }
}

async function passing(counter: ReturnType<typeof createLeasedCounter>, calls: number, of = window) {
  const verdicts = await Promise.all(Array.from({ length: calls }, () => counter.take('acme', of)))
  return verdicts.filter(({ kind }) => kind === 'admitted').length
}

test.each([
  [5, 1],
  [50, 5],
  [500, 50],
  [19, 1],
])('a limit of %i is leased %i at a time', (calls, block) => {
  expect(blockSize({ ...window, calls })).toBe(block)
})

test('two processes together let in the limit, in a write a block', async () => {
  const { process, writes } = bench()
  const [a, b] = [process(), process()]
  const passed = (await Promise.all([passing(a, 100), passing(b, 100)])).reduce((sum, each) => sum + each)
  expect(passed).toBe(50)
  expect(writes.count).toBeLessThan(50)
})

test('what one process does not use is given back and another lets in', async () => {
  const { process, clock } = bench()
  const [a, b] = [process(), process()]
  expect(await passing(a, 1)).toBe(1)
  expect(await passing(b, 100)).toBe(45)
  clock.nowMs += 6_001
  await a.settle()
  expect(await passing(b, 100)).toBe(4)
})

test('a process that dies keeps its block from the others, never lets more in', async () => {
  const { process, clock } = bench()
  expect(await passing(process(), 1)).toBe(1)
  const survivor = process()
  expect(await passing(survivor, 100)).toBe(45)
  clock.nowMs += 66_000
  expect(await passing(survivor, 100)).toBe(50)
})

test('a lease is not used after its time, so that no period sees more than the limit', async () => {
  const { process, clock } = bench()
  const counter = process()
  const passedAtMs: number[] = []
  for (let at = 0; at < 4_000; at++) {
    if (await passing(counter, 1)) passedAtMs.push(clock.nowMs)
    clock.nowMs += 173
  }
  const most = Math.max(
    ...passedAtMs.map((first) => passedAtMs.filter((each) => each >= first && each < first + 60_000).length),
  )
  expect(most).toBeLessThanOrEqual(50)
  expect(most).toBeGreaterThan(40)
})

test('of a small limit each call counts from when it is let in: nobody waits longer than the period', async () => {
  const { process, clock } = bench()
  const starter: Window = { kind: 'rate', calls: 5, renewalPeriodSeconds: 60 }
  const counter = process()
  expect(await passing(counter, 5, starter)).toBe(5)
  expect(await counter.take('acme', starter)).toEqual({ kind: 'limited', retryAfterSeconds: 60 })
  clock.nowMs += 59_999
  expect(await passing(counter, 1, starter)).toBe(0)
  clock.nowMs += 1
  expect(await passing(counter, 9, starter)).toBe(5)
})

test('closing gives everything back', async () => {
  const { process } = bench()
  const quota: Window = { kind: 'quota', calls: 50, renewalPeriodSeconds: 604_800, startsAtMs: 0 }
  const first = process()
  expect(await passing(first, 3, quota)).toBe(3)
  await first.close()
  expect(await passing(process(), 100, quota)).toBe(47)
})

test('a table that does not answer lets nobody in', async () => {
  const failing: CounterTable = {
    get: () => Promise.reject(new Error('no answer')),
    insert: () => Promise.reject(new Error('no answer')),
    replace: () => Promise.reject(new Error('no answer')),
  }
  await expect(bench(failing).process().take('acme', window)).rejects.toThrow('no answer')
})
