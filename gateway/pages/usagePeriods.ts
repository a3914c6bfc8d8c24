import type { UsageLine } from '../usage/readUsage.ts'
import { hourLengthMs } from '../usage/rollup.ts'

/** The calls of all subscriptions in an hour or a day; `from` is its beginning, ISO to the minute. */
export type UsagePeriod = { from: string; calls: number; blocked: number; failed: number }

/** Adds lines of hours up by hour, or by day (UTC) where more than a day is looked at; the newest first, empty ones left out. Pure. */
export function usagePeriods(lines: readonly UsageLine[], hours: number): UsagePeriod[] {
  const lengthMs = hours > 24 ? 24 * hourLengthMs : hourLengthMs
  const periods = new Map<number, UsagePeriod>()
  for (const { hourMs = 0, calls, blocked, failed } of lines) {
    const atMs = Math.floor(hourMs / lengthMs) * lengthMs
    const none = { from: new Date(atMs).toISOString().slice(0, 16), calls: 0, blocked: 0, failed: 0 }
    const period = periods.get(atMs) ?? none
    period.calls += calls
    period.blocked += blocked
    period.failed += failed
    periods.set(atMs, period)
  }
  return [...periods].sort(([a], [b]) => b - a).map(([, period]) => period)
}
