import { expect, test } from 'vitest'
import { parseSchedule } from '../../../local/host/timer/schedule.ts'
import { afterRun, readStatus, startOf, type TimerStatus } from '../../../local/host/timer/timerStatus.ts'
import { createMemoryState } from './fakes/memoryState.ts'

const midnight = Date.parse('2026-11-21T00:00:00Z')
const hour = 3_600_000
const hourly = parseSchedule('0 0 * * * *')
const waiting: TimerStatus = { lastMs: midnight - hour, nextMs: midnight, updatedMs: midnight - hour }
const nowMs = midnight + 5.5 * hour

// What a WebJobs host 3.0.48 with timers 3.0.6 wrote, over the same statuses.
const starts: [
  when: string,
  schedule: string,
  stored: TimerStatus | undefined,
  then: ReturnType<typeof startOf>,
][] = [
  [
    'never seen',
    '0 0 * * * *',
    undefined,
    {
      isPastDue: false,
      status: { lastMs: 0, nextMs: midnight + 6 * hour, updatedMs: 0 },
      kept: { lastMs: 0, nextMs: midnight + 6 * hour, updatedMs: nowMs },
    },
  ],
  ['many ticks were missed', '0 0 * * * *', waiting, { isPastDue: true, status: waiting }],
  [
    'never fired, and missed its tick',
    '0 0 * * * *',
    { ...waiting, lastMs: 0 },
    { isPastDue: true, status: { ...waiting, lastMs: 0 } },
  ],
  [
    'in time',
    '0 0 * * * *',
    { ...waiting, lastMs: midnight + 5 * hour, nextMs: midnight + 6 * hour },
    {
      isPastDue: false,
      status: { ...waiting, lastMs: midnight + 5 * hour, nextMs: midnight + 6 * hour },
    },
  ],
  [
    'another schedule, its next tick missed too',
    '0 0 * * * *',
    { ...waiting, nextMs: midnight + 7 },
    fresh(6),
  ],
  [
    'a time span, counted from the last run',
    '10:00:00',
    waiting,
    changed({ lastMs: 0, nextMs: midnight + 9 * hour, updatedMs: midnight - hour }),
  ],
  ['a time span that is over', '05:00:00', waiting, fresh(10.5)],
  ['a status that says nothing', '0 0 * * * *', { lastMs: 0, nextMs: 0, updatedMs: 0 }, fresh(6)],
]
test.each(starts)('startOf: %s', (_when, schedule, stored, then) => {
  expect(startOf(parseSchedule(schedule), stored, nowMs)).toEqual(then)
})

/** Begun anew now, to fire so many hours after midnight. */
function fresh(hours: number) {
  return changed({ lastMs: 0, nextMs: midnight + hours * hour, updatedMs: nowMs })
}

function changed(status: TimerStatus) {
  return { isPastDue: false, status, kept: status }
}

test('a run that began a little before its tick does not fire it again', () => {
  const nextMs = midnight + hour
  expect(afterRun(hourly, { startedMs: midnight - 3, tickMs: midnight })).toEqual({
    ...{ lastMs: midnight, nextMs, updatedMs: midnight },
  })
})

test.each([
  ['{"Last":"2026-11-21T00:00:00.1234567+00:00","Next":"2026-11-21T01:00:00+00:00"}', midnight + 123],
  ['{"Last":"0001-01-01T00:00:00","Next":"2026-11-21T01:00:00+00:00"}', 0],
  ['{"Last":"soon","Next":"2026-11-21T01:00:00+00:00"}', undefined],
  ['{nonsense', undefined],
])('readStatus: %s', async (text, lastMs) => {
  const state = createMemoryState(() => midnight)
  await state.write('timers/host/tick/status', text)
  const status = lastMs === undefined ? undefined : { lastMs, nextMs: midnight + hour, updatedMs: 0 }
  expect(await readStatus(state, 'host', 'tick')).toEqual(status)
})
