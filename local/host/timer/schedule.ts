import { everComes, parseNcrontab } from '../../../shared/lib/ncrontab.ts'
import { nextInstantMs } from '../../../shared/lib/occurrence.ts'
import { parseTimeSpan } from '../settings/timeSpan.ts'

/**
 * When a timer fires: `nextMs` is the first instant after `afterMs` (epoch milliseconds). `keepsStatus`: a missed tick is made
 * good, as for all that come once a minute at most; `isConstant`: an interval from the last run, whatever the clock says.
 */
export type Schedule = {
  text: string
  nextMs(afterMs: number): number
  keepsStatus: boolean
  isConstant: boolean
}

/**
 * Reads a timer's schedule: NCRONTAB of six or five fields, by UTC, or else a TimeSpan. Throws for everything else, and for what
 * never comes or always (30 February, a TimeSpan of 0 or less), which the real host takes.
 * Source: TimerSchedule of azure-webjobs-sdk-extensions.
 */
export function parseSchedule(text: string, timeZone = 'UTC'): Schedule {
  const intervalMs = parseTimeSpan(text)
  return intervalMs === undefined ? cronSchedule(text, timeZone) : constantSchedule(text, intervalMs)
}

function constantSchedule(text: string, intervalMs: number): Schedule {
  if (intervalMs <= 0) throw new Error(`schedule "${text}" is a time span of nothing or less`)
  return {
    text,
    nextMs: (afterMs) => afterMs + intervalMs,
    keepsStatus: intervalMs >= 60_000,
    isConstant: true,
  }
}

function cronSchedule(text: string, timeZone: string): Schedule {
  const schedule = readCron(text)
  if (!everComes(schedule)) throw new Error(`schedule "${text}" never comes: no such month has such a day`)
  const [seconds, ...rest] = schedule.fields
  const isOfSeconds = rest.every((field) => field.isWhole) && (seconds?.values.size ?? 0) > 1
  return {
    text,
    nextMs: (afterMs) => nextInstantMs(schedule, timeZone, afterMs),
    keepsStatus: !isOfSeconds,
    isConstant: false,
  }
}

function readCron(text: string): ReturnType<typeof parseNcrontab> {
  try {
    return parseNcrontab(text)
  } catch (cause) {
    const reason = `schedule "${text}" is neither an NCRONTAB expression of 5 or 6 fields nor a time span`
    throw new Error(reason, { cause })
  }
}
