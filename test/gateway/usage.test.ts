import { expect, test } from 'vitest'
import { usagePage } from '../../gateway/pages/usagePage.ts'
import { usagePeriods } from '../../gateway/pages/usagePeriods.ts'
import { bucketOf, quantileMs } from '../../gateway/usage/histogram.ts'
import { readUsage } from '../../gateway/usage/readUsage.ts'
import { type CallOutcome, createUsageRecorder } from '../../gateway/usage/recorder.ts'
import { createUsageRetention } from '../../gateway/usage/retention.ts'
import { nobody } from '../../gateway/usage/rollup.ts'
import { createMemoryTable } from '../fakes/memoryTable.ts'

const hourMs = 3_600_000
const call: CallOutcome = {
  subscription: 'acme',
  operation: 'rrs-execute',
  status: 'ok',
  bytesIn: 100,
  bytesOut: 1_000,
  latencyMs: 10,
}
const blocked: CallOutcome = { ...call, status: 'blocked', bytesIn: 0, bytesOut: 0 }
delete blocked.latencyMs
const names = async () => ['acme']

test('calls are added up by hour and operation over all processes, and rows are written anew, not again', async () => {
  const clock = { nowMs: 100 * hourMs }
  const table = createMemoryTable()
  const [a, b] = ['a', 'b'].map((instance) =>
    createUsageRecorder({ table, instance, names, now: () => clock.nowMs }),
  )
  for (let at = 0; at < 3; at++) a?.record(call)
  await a?.flush()
  a?.record(blocked)
  b?.record({ ...call, status: 'failed', latencyMs: 1_000 })
  b?.record({ ...call, operation: 'bes-status' })
  await Promise.all([a?.flush(), b?.flush()])
  clock.nowMs += hourMs
  a?.record(call)
  await a?.flush()
  expect(table.rows()).toHaveLength(4)
  const question = { subscriptions: ['acme'], sinceMs: 100 * hourMs }
  expect(await readUsage(table, question)).toMatchObject([
    { operation: 'bes-status', calls: 1 },
    { operation: 'rrs-execute', calls: 6, blocked: 1, failed: 1, bytesIn: 500, bytesOut: 5_000 },
  ])
  const hours = await readUsage(table, { ...question, byHour: true })
  expect(hours.map((line) => [line.hourMs, line.operation, line.calls])).toEqual([
    [100 * hourMs, 'bes-status', 1],
    [100 * hourMs, 'rrs-execute', 5],
    [101 * hourMs, 'rrs-execute', 1],
  ])
  expect(await readUsage(table, { ...question, sinceMs: 101 * hourMs })).toMatchObject([{ calls: 1 }])
})

test('what could not be written is written the next time', async () => {
  const table = createMemoryTable()
  let fails = true
  const recorder = createUsageRecorder({
    table: { put: (row) => (fails ? Promise.reject(new Error('no answer')) : table.put(row)) },
    instance: 'a',
    names,
    now: () => 0,
  })
  recorder.record(call)
  await expect(recorder.flush()).rejects.toThrow('no answer')
  fails = false
  await recorder.flush()
  expect(table.rows()[0]?.cells).toMatchObject({ calls: 1, p95Ms: expect.closeTo(10, 0) })
})

test('of a subscription that was removed nothing is written any more', async () => {
  const table = createMemoryTable()
  const left: string[] = ['acme']
  const recorder = createUsageRecorder({ table, instance: 'a', names: async () => left, now: () => 0 })
  recorder.record(call)
  await recorder.flush()
  const [row] = table.rows()
  await table.remove('acme', row?.rowKey ?? '', row?.etag ?? '')
  left.pop()
  recorder.record(call)
  recorder.record({ ...call, subscription: nobody, status: 'blocked' })
  await recorder.flush()
  expect(table.rows().map(({ partitionKey }) => partitionKey)).toEqual([nobody])
})

test('usage is removed when its days are over: a page a step, all subscriptions once a day', async () => {
  const clock = { nowMs: 0 }
  const table = createMemoryTable()
  const recorder = createUsageRecorder({ table, instance: 'a', names, now: () => clock.nowMs })
  for (let hour = 0; hour < 250; hour++) {
    clock.nowMs = hour * hourMs
    recorder.record(call)
    recorder.record({ ...call, subscription: nobody })
    await recorder.flush()
  }
  const step = createUsageRetention({ table, days: 2, names, now: () => clock.nowMs })
  const counts: number[] = []
  for (let at = 0; at < 8; at++) {
    await step()
    counts.push(table.rows().length)
  }
  expect(counts).toEqual([400, 300, 299, 199, 99, 98, 98, 98])
  expect((await readUsage(table, { subscriptions: ['acme'], sinceMs: 0 }))[0]?.calls).toBe(49)
  clock.nowMs += 24 * hourMs
  await step()
  await step()
  expect(table.rows().length).toBe(50)
  const keeping = createUsageRetention({ table, days: 0, names, now: () => 1e15 })
  await keeping()
  expect(table.rows().length).toBe(50)
})

test('quantiles are within a twentieth of the truth', () => {
  const latencies = new Map<number, number>()
  for (let ms = 1; ms <= 1_000; ms++) latencies.set(bucketOf(ms), (latencies.get(bucketOf(ms)) ?? 0) + 1)
  expect(Math.abs(quantileMs(latencies, 0.5) / 500 - 1)).toBeLessThan(0.06)
  expect(Math.abs(quantileMs(latencies, 0.95) / 950 - 1)).toBeLessThan(0.06)
  expect(quantileMs(new Map(), 0.5)).toBe(0)
})

test('the page adds the calls of all up by hour, or by day where it looks back further', () => {
  const line = { ...call, calls: 2, blocked: 1, failed: 0, p50Ms: 1, p95Ms: 1 }
  const lines = [
    { ...line, hourMs: 23 * hourMs },
    { ...line, hourMs: 24 * hourMs },
    { ...line, hourMs: 24 * hourMs, subscription: 'other' },
    { ...line, hourMs: 26 * hourMs },
  ]
  expect(usagePeriods(lines, 24)).toEqual([
    { from: '1970-01-02T02:00', calls: 2, blocked: 1, failed: 0 },
    { from: '1970-01-02T00:00', calls: 4, blocked: 2, failed: 0 },
    { from: '1970-01-01T23:00', calls: 2, blocked: 1, failed: 0 },
  ])
  expect(usagePeriods(lines, 168)).toEqual([
    { from: '1970-01-02T00:00', calls: 6, blocked: 3, failed: 0 },
    { from: '1970-01-01T00:00', calls: 2, blocked: 1, failed: 0 },
  ])
})

test('the usage page shows names as text', () => {
  const page = usagePage({
    subscriptions: [],
    products: new Map(),
    hours: 24,
    periods: [],
    lines: [
      {
        ...call,
        subscription: '<script>alert(1)</script>',
        calls: 1,
        blocked: 0,
        failed: 0,
        p50Ms: 1,
        p95Ms: 2,
      },
    ],
  })
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script')
})
