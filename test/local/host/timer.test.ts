import { expect, test } from 'vitest'
import { workUnderLock } from '../../../local/host/storage/lock.ts'
import { parseSchedule } from '../../../local/host/timer/schedule.ts'
import { runTimer, type Timer } from '../../../local/host/timer/timerListener.ts'
import type { RpcData } from '../../../local/host/worker/protocol.ts'
import { createFakeClock } from './fakes/fakeClock.ts'
import { createMemoryLog } from './fakes/memoryLog.ts'
import { createMemoryState, type MemoryState } from './fakes/memoryState.ts'

const midnight = Date.parse('2026-11-21T00:00:00Z')
const minute = 60_000

const schedules: [when: string, schedule: string, after: string, then: string][] = [
  ['every minute', '0 * * * * *', '2026-11-21T00:00:00Z', '2026-11-21T00:01:00Z'],
  ['five fields', '30 9 * * *', '2026-11-21T10:00:00Z', '2026-11-22T09:30:00Z'],
  ['a time span', '00:05:00', '2026-11-21T00:00:05Z', '2026-11-21T00:05:05Z'],
  ['a time span of 24 days', '24:00:00', '2026-11-21T00:00:05Z', '2026-12-15T00:00:05Z'],
  ['a time span of days', '2', '2026-11-21T00:00:05Z', '2026-11-23T00:00:05Z'],
]
test.each(schedules)('schedule: %s', (_when, schedule, after, then) => {
  expect(new Date(parseSchedule(schedule).nextMs(Date.parse(after))).toISOString()).toBe(
    new Date(then).toISOString(),
  )
})

test.each([
  ['', 'is neither an NCRONTAB expression of 5 or 6 fields nor a time span'],
  ['@daily', 'is neither an NCRONTAB expression of 5 or 6 fields nor a time span'],
  ['0 0 0 ? * *', 'is neither an NCRONTAB expression of 5 or 6 fields nor a time span'],
  ['0 0 0 31 2 *', 'never comes: no such month has such a day'],
  ['-00:05:00', 'is a time span of nothing or less'],
  ['00:00', 'is a time span of nothing or less'],
])('schedule "%s" is refused', (schedule, reason) => {
  expect(() => parseSchedule(schedule)).toThrow(`schedule "${schedule}" ${reason}`)
})

// What TimerSchedule of Microsoft.Azure.WebJobs.Extensions 3.0.6 made of UseMonitor.
test.each([
  ['*/30 * * * * *', false],
  ['1,2 * * * * *', false],
  ['0 * * * * *', true],
  ['*/59 0 * * * *', true],
  ['* 0 20 * * *', true],
  ['* * * * *', true],
  ['00:00:59.9', false],
  ['00:01:00', true],
])('schedule "%s" keeps a status: %s', (schedule, keeps) => {
  expect(parseSchedule(schedule).keepsStatus).toBe(keeps)
})

type Run = {
  atMs: number
  data: { IsPastDue: boolean; Schedule: object; ScheduleStatus: Record<string, string> | null }
}

function scene(
  schedule: string,
  given: { state?: MemoryState; takesMs?: number; timer?: Partial<Timer> } = {},
) {
  const clock = createFakeClock(midnight + 1_000)
  const state = given.state ?? createMemoryState(clock.now)
  const runs: Run[] = []
  const run = async (data: RpcData) => {
    runs.push({ atMs: clock.now() - midnight, data: JSON.parse(data.json ?? '') })
    await clock.after(given.takesMs ?? 0)
  }
  const stopping = new AbortController()
  const timer = {
    functionId: 'Host.Functions.tick',
    schedule: parseSchedule(schedule),
    runOnStartup: false,
    useMonitor: true,
  }
  const ports = { state, hostId: 'host', clock, run, log: createMemoryLog() }
  const start = (signal = stopping.signal) => runTimer(ports, { ...timer, ...given.timer }, signal)
  return { clock, state, runs, start, stop: () => stopping.abort() }
}

test('a timer fires at each tick and keeps its status', async () => {
  const { clock, state, runs, start, stop } = scene('0 * * * * *')
  const running = start()
  await clock.advance(2 * minute)
  expect(runs.map(({ atMs }) => atMs)).toEqual([minute, 2 * minute])
  expect(runs[1]?.data).toMatchObject({
    IsPastDue: false,
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: '2026-11-21T00:01:00+00:00' },
  })
  expect(JSON.parse(state.blobs.get('timers/host/Host.Functions.tick/status')?.text ?? '')).toEqual({
    Last: '2026-11-21T00:02:00+00:00',
    Next: '2026-11-21T00:03:00+00:00',
    LastUpdated: '2026-11-21T00:02:00+00:00',
  })
  stop()
  await running
})

test('missed ticks are made good once, past due; the next is on time', async () => {
  const first = scene('0 * * * * *')
  const running = first.start()
  await first.clock.advance(2 * minute)
  first.stop()
  await running
  const { clock, runs, start, stop } = scene('0 * * * * *', { state: first.state })
  await clock.advance(10 * minute)
  const again = start()
  await clock.advance(minute)
  expect(runs.map(({ atMs, data }) => [atMs, data.IsPastDue])).toEqual([
    [10 * minute + 1_000, true],
    [11 * minute, false],
  ])
  stop()
  await again
})

test('a slow run never overlaps itself and is followed by one run at once', async () => {
  const { clock, runs, start, stop } = scene('*/10 * * * * *', { takesMs: 35_000 })
  const running = start()
  await clock.advance(90_000)
  expect(runs.map(({ atMs }) => atMs)).toEqual([10_000, 45_000, 80_000])
  stop()
  await clock.advance(minute)
  await running
})

test('at the first start runOnStartup shows a status that was never updated; the stored one says when', async () => {
  const { clock, state, runs, start, stop } = scene('1.00:00:00', { timer: { runOnStartup: true } })
  const running = start()
  const stored = () => JSON.parse(state.blobs.get('timers/host/Host.Functions.tick/status')?.text ?? '{}')
  await clock.settle()
  expect(runs[0]?.data).toEqual({
    IsPastDue: false,
    Schedule: { AdjustForDST: false },
    ScheduleStatus: {
      Last: '0001-01-01T00:00:00+00:00',
      Next: '2026-11-22T00:00:01+00:00',
      LastUpdated: '0001-01-01T00:00:00+00:00',
    },
  })
  expect(stored()).toMatchObject({ Last: '2026-11-21T00:00:01+00:00' })
  stop()
  await running
})

test('runOnStartup runs at once; a timer without monitor keeps no status', async () => {
  const { clock, state, runs, start, stop } = scene('0 * * * * *', {
    timer: { runOnStartup: true, useMonitor: false },
  })
  const running = start()
  await clock.advance(minute)
  expect(runs.map(({ atMs }) => atMs)).toEqual([1_000, minute])
  expect(runs[0]?.data.ScheduleStatus).toBeNull()
  expect([...state.blobs.keys()]).toEqual([])
  stop()
  await running
})

const lock = { name: 'locks/host/tick', leaseMs: minute, retryMs: minute }

test('of two hosts one fires each tick; when it dies the other goes on after the lease', async () => {
  const { clock, state, runs, start } = scene('0 * * * * *')
  const ports = { state, clock, log: createMemoryLog() }
  const killed = new AbortController()
  const stopping = new AbortController()
  const abandoned = { ...state, lease: withoutRelease(state.lease) }
  const dies = workUnderLock({ ...ports, state: abandoned }, lock, start, killed.signal)
  await clock.settle()
  const lives = workUnderLock(ports, lock, start, stopping.signal)
  await clock.advance(3 * minute)
  expect(runs.map(({ atMs }) => atMs)).toEqual([minute, 2 * minute, 3 * minute])
  killed.abort()
  await dies
  await clock.advance(4 * minute)
  expect(new Set(runs.map(({ atMs }) => Math.floor(atMs / minute))).size).toBe(runs.length)
  expect(runs.at(-1)?.atMs).toBe(7 * minute)
  stopping.abort()
  await lives
})

/** The leases of a host that is killed: nobody gives them back. */
function withoutRelease(lease: MemoryState['lease']): MemoryState['lease'] {
  return async (name, seconds) => {
    const held = await lease(name, seconds)
    return held && { ...held, release: () => Promise.resolve() }
  }
}
