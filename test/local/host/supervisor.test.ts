import { expect, test } from 'vitest'
import { supervise } from '../../../local/host/worker/supervisor.ts'
import type { FunctionWorker } from '../../../local/host/worker/workerProcess.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryLog } from './fakes/memoryLog.ts'

type FakeWorker = FunctionWorker & { end(reason: string): void; wasKilled: boolean }

function createWorker(pid: number): FakeWorker {
  const { promise: exited, resolve: end } = Promise.withResolvers<string>()
  const worker: FakeWorker = {
    ...{ pid, functions: [], httpUri: undefined, exited, end, wasKilled: false },
    invoke: () => Promise.resolve({ kind: 'lost', reason: 'a worker of a test' }),
    terminate: () => Promise.resolve(),
    kill: () => {
      worker.wasKilled = true
      end('killed')
    },
  }
  return worker
}

function scene() {
  const clock = createFakeClock(0)
  const workers = [createWorker(1)]
  const start = async () => {
    const worker = createWorker(workers.length + 1)
    workers.push(worker)
    return worker
  }
  const log = createMemoryLog()
  const [first] = workers
  if (first === undefined) throw new Error('there is no first worker')
  const rules = { errorLimit: 3, errorWindowMs: 30 * 60_000 }
  const supervisor = supervise(first, { start, clock, log }, rules)
  return { clock, workers, log, supervisor, pid: async () => (await supervisor.worker()).pid }
}

test('a worker that ends by itself is replaced; at the third time within 30 minutes the host gives up', async () => {
  const { clock, workers, supervisor, pid } = scene()
  workers[0]?.end('code 1')
  await clock.settle()
  workers[1]?.end('code 1')
  await clock.settle()
  expect(await pid()).toBe(3)
  workers[2]?.end('code 7')
  expect((await supervisor.failed).message).toBe('Cannot go on: the worker failed 3 times, at last: code 7')
  expect(workers).toHaveLength(3)
})

test('failures longer ago than the window do not count', async () => {
  const { clock, workers, pid } = scene()
  for (const index of [0, 1, 2, 3]) {
    workers[index]?.end('code 1')
    await clock.advance(16 * 60_000)
  }
  expect(await pid()).toBe(5)
})

test('a restart for a time limit ends the old worker and is no failure', async () => {
  const { clock, workers, log, supervisor, pid } = scene()
  for (let count = 0; count < 4; count++) {
    supervisor.restart('a function ran too long')
    await clock.settle()
  }
  expect(await pid()).toBe(5)
  expect(workers.map(({ wasKilled }) => wasKilled)).toEqual([true, true, true, true, false])
  expect(log.lines).not.toContain('The worker failed: killed')
})

test('a worker that ends while the host stops is not replaced', async () => {
  const { clock, workers, supervisor } = scene()
  await supervisor.stop(0)
  workers[0]?.end('code 0')
  await clock.settle()
  expect(workers).toHaveLength(1)
})

test('stopping does not wait for ever for a worker that is still loading, and kills it when it has loaded', async () => {
  const clock = createFakeClock(0)
  const first = createWorker(1)
  const late = createWorker(2)
  const { promise: loaded, resolve: load } = Promise.withResolvers<FunctionWorker>()
  const rules = { errorLimit: 3, errorWindowMs: 1_000 }
  const supervisor = supervise(first, { start: () => loaded, clock, log: createMemoryLog() }, rules)
  first.end('code 1')
  await clock.settle()
  const stopped = supervisor.stop(5_000)
  await clock.advance(6_000)
  await stopped
  expect(late.wasKilled).toBe(false)
  load(late)
  await clock.settle()
  expect(late.wasKilled).toBe(true)
})
