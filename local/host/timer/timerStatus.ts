import type { StateBlobs } from '../storage/stateBlobs.ts'
import type { Schedule } from './schedule.ts'

/** When a timer fired last (0: never) and when it is to fire next; epoch milliseconds. */
export type TimerStatus = { lastMs: number; nextMs: number; updatedMs: number }

/** What a starting timer does: it runs once because it is past due, or waits; `kept`: what of it is new and to be stored. */
export type TimerStart = { isPastDue: boolean; status: TimerStatus; kept?: TimerStatus }

/**
 * Decides how a timer starts. However many ticks were missed, it is past due once. A schedule that was changed goes on from the
 * last run, if its next tick is still to come, else from now. Pure. Source: ScheduleMonitor, TimerListener (functions-host.md 2.4).
 */
export function startOf(schedule: Schedule, stored: TimerStatus | undefined, nowMs: number): TimerStart {
  if (stored === undefined) {
    const nextMs = schedule.nextMs(nowMs)
    const status = { lastMs: 0, nextMs, updatedMs: 0 }
    return { isPastDue: false, status, kept: { ...status, updatedMs: nowMs } }
  }
  const fromMs = stored.lastMs || stored.updatedMs || nowMs
  const nextMs = schedule.nextMs(fromMs)
  if (nextMs === stored.nextMs) return { isPastDue: nowMs > nextMs, status: stored }
  const status =
    nowMs > nextMs
      ? { lastMs: 0, nextMs: schedule.nextMs(nowMs), updatedMs: nowMs }
      : { lastMs: 0, nextMs, updatedMs: fromMs }
  return { isPastDue: false, status, kept: status }
}

/**
 * What is true after a run that began at `startedMs` and was meant for `tickMs` (0: not for a tick): the next one counts from
 * the later of the two, so that a run that began a little early doesn't fire its tick again. Pure.
 */
export function afterRun(schedule: Schedule, run: { startedMs: number; tickMs: number }): TimerStatus {
  const lastMs = Math.max(run.startedMs, run.tickMs)
  return { lastMs, nextMs: schedule.nextMs(lastMs), updatedMs: lastMs }
}

function statusName(hostId: string, functionId: string): string {
  return `timers/${hostId}/${functionId}/status`
}

/** The status a timer left behind. A damaged one counts as none, an instant that it doesn't name as never. */
export async function readStatus(
  state: StateBlobs,
  hostId: string,
  functionId: string,
): Promise<TimerStatus | undefined> {
  const found = await state.read(statusName(hostId, functionId))
  if (found === undefined) return undefined
  const [lastMs, nextMs, updatedMs] = parseTimes(found.text)
  if (nextMs === undefined || updatedMs === undefined || lastMs === undefined) return undefined
  return { lastMs, nextMs, updatedMs }
}

function parseTimes(text: string): (number | undefined)[] {
  try {
    const { Last, Next, LastUpdated } = JSON.parse(text) as Record<string, string>
    return [Last, Next, LastUpdated].map((each = never) => {
      const ms = Date.parse(each)
      return Number.isNaN(ms) ? undefined : Math.max(0, ms)
    })
  } catch {
    return []
  }
}

/** Keeps a timer's status for the next start. */
export async function writeStatus(
  state: StateBlobs,
  place: { hostId: string; functionId: string },
  status: TimerStatus,
) {
  await state.write(statusName(place.hostId, place.functionId), JSON.stringify(statusJson(status)))
}

const never = '0001-01-01T00:00:00+00:00'

/** A status as the real host writes it and shows it to the function; never fired is the year 1. Pure. */
export function statusJson(status: TimerStatus): { Last: string; Next: string; LastUpdated: string } {
  const text = (ms: number) => (ms === 0 ? never : new Date(ms).toISOString().replace(/\.?0*Z$/, '+00:00'))
  return { Last: text(status.lastMs), Next: text(status.nextMs), LastUpdated: text(status.updatedMs) }
}
