import type { StateBlobs } from '../storage/stateBlobs.ts'
import type { Schedule } from './schedule.ts'

/** When a timer fired last (0: never) and when it is to fire next; epoch milliseconds. */
export type TimerStatus = { lastMs: number; nextMs: number; updatedMs: number }

/** What a starting timer does: runs once because it is past due, or waits; `status` is what is true from then on. */
export type TimerStart = { isPastDue: boolean; status: TimerStatus; isChanged: boolean }

/**
 * Decides how a timer starts. However many ticks were missed, it is past due once; a schedule that was changed begins anew.
 * Pure. Source: ScheduleMonitor, TimerListener (functions-host.md 2.4).
 */
export function startOf(schedule: Schedule, stored: TimerStatus | undefined, nowMs: number): TimerStart {
  if (stored === undefined) {
    const status = { lastMs: 0, nextMs: schedule.nextMs(nowMs), updatedMs: nowMs }
    return { isPastDue: false, status, isChanged: true }
  }
  const fromMs = stored.lastMs === 0 ? stored.updatedMs : stored.lastMs
  if (schedule.nextMs(fromMs) !== stored.nextMs) {
    const status = { ...stored, nextMs: schedule.nextMs(nowMs), updatedMs: nowMs }
    return { isPastDue: false, status, isChanged: true }
  }
  return { isPastDue: nowMs > stored.nextMs, status: stored, isChanged: false }
}

/**
 * What is true after a run that began at `startedMs` and was meant for `tickMs` (0: not for a tick): the next one counts from
 * the later of the two, so that a run that began a little early doesn't fire its tick again. Pure.
 */
export function afterRun(
  schedule: Schedule,
  run: { startedMs: number; tickMs: number; endedMs: number },
): TimerStatus {
  const lastMs = Math.max(run.startedMs, run.tickMs)
  return { lastMs, nextMs: schedule.nextMs(lastMs), updatedMs: run.endedMs }
}

function statusName(hostId: string, functionId: string): string {
  return `timers/${hostId}/${functionId}/status`
}

/** The status a timer left behind. A damaged one counts as none. */
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
    return [Last, Next, LastUpdated].map((each) => {
      const ms = Date.parse(each ?? '')
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

/** A status as the real host writes it and shows it to the function; never fired is the year 1. Pure. */
export function statusJson(status: TimerStatus): { Last: string; Next: string; LastUpdated: string } {
  const text = (ms: number) =>
    ms === 0 ? '0001-01-01T00:00:00+00:00' : new Date(ms).toISOString().replace('Z', '+00:00')
  return { Last: text(status.lastMs), Next: text(status.nextMs), LastUpdated: text(status.updatedMs) }
}
