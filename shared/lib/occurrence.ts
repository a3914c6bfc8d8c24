import type { Ncrontab } from './ncrontab.ts'
import { instantsOf, offsetMs } from './wallClock.ts'

/**
 * The first instant after `afterMs` (epoch ms) of a schedule that ever comes, by a time zone's clock. A time that the clock
 * leaves out in spring comes as much later as the clock goes on. One that it shows twice in autumn comes the first time; both
 * times, where the schedule has an interval. Source: CronSchedule of azure-webjobs-sdk-extensions.
 */
export function nextInstantMs(schedule: Ncrontab, timeZone: string, afterMs: number): number {
  const nowMs = afterMs + offsetMs(timeZone, afterMs)
  for (let wallMs = nextWallMs(schedule, nowMs); ; wallMs = nextWallMs(schedule, wallMs)) {
    const { firstMs, lastMs } = instantsOf(timeZone, wallMs)
    if (schedule.hasInterval) {
      if (firstMs > afterMs && firstMs < lastMs) return firstMs
      return Math.min(lastMs, againMs(schedule, timeZone, afterMs))
    }
    if (firstMs > afterMs) return firstMs
  }
}

/** The first instant of an interval in the hour that the clock shows again, infinite where it doesn't after `afterMs`. */
function againMs(schedule: Ncrontab, timeZone: string, afterMs: number): number {
  const nowMs = afterMs + offsetMs(timeZone, afterMs)
  const setBackMs = instantsOf(timeZone, nowMs).lastMs - afterMs
  if (setBackMs <= 0) return Number.POSITIVE_INFINITY
  for (let wallMs = nextWallMs(schedule, nowMs - setBackMs); ; wallMs = nextWallMs(schedule, wallMs)) {
    const { lastMs } = instantsOf(timeZone, wallMs)
    if (lastMs > afterMs) return lastMs
  }
}

/** The first time after `wallMs` at which a schedule that ever comes does, on a clock without zones; both as if in UTC. Pure. */
function nextWallMs({ fields }: Ncrontab, wallMs: number): number {
  const [seconds, minutes, hours, days, months, weekdays] = fields.map(({ values }) => values)
  let atMs = (Math.floor(wallMs / 1_000) + 1) * 1_000
  for (;;) {
    const at = new Date(atMs)
    const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
    if (months?.has(month + 1) !== true) atMs = Date.UTC(year, month + 1)
    else if (days?.has(day) !== true || weekdays?.has(at.getUTCDay()) !== true)
      atMs = Date.UTC(year, month, day + 1)
    else if (hours?.has(at.getUTCHours()) !== true) atMs = Date.UTC(year, month, day, at.getUTCHours() + 1)
    else if (minutes?.has(at.getUTCMinutes()) !== true) atMs += (60 - at.getUTCSeconds()) * 1_000
    else if (seconds?.has(at.getUTCSeconds()) !== true) atMs += 1_000
    else return atMs
  }
}
