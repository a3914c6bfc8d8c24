import { Cron } from 'croner'
import { parseTimeSpan } from '../settings/timeSpan.ts'

/** When a timer fires: `nextMs` is the first instant after `afterMs` (epoch milliseconds). */
export type Schedule = { text: string; nextMs(afterMs: number): number }

const names = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat'
const field = new RegExp(`^(\\*|(\\d+|${names})(-(\\d+|${names}))?)(/\\d+)?$`, 'i')

/**
 * Reads an NCRONTAB expression (`sec min hour day month day-of-week`, UTC; five fields have no seconds) or a TimeSpan
 * (a fixed interval). Day and day of week must both fit. Throws for everything else, also for what other cron dialects know
 * (`?`, `L`, `#`, `@daily`, day of week 7). Source: functions-host.md 2.4, NCRONTAB's own rules.
 */
export function parseSchedule(text: string, timezone = 'UTC'): Schedule {
  const interval = parseTimeSpan(text)
  if (interval !== undefined && interval > 0) return { text, nextMs: (afterMs) => afterMs + interval }
  const fields = text.trim().split(/\s+/)
  const isKnown = fields.every((each) => each.split(',').every((part) => field.test(part)))
  const isCount = fields.length === 5 || fields.length === 6
  if (!isCount || !isKnown || /7/.test((fields.at(-1) ?? '').replace(/\/\d+/g, ''))) throw refused(text)
  const cron = compile(text, fields, timezone)
  return {
    text,
    nextMs: (afterMs) => {
      const next = cron.nextRun(new Date(afterMs))
      if (next === null) throw new Error(`schedule "${text}" never fires`)
      return next.getTime()
    },
  }
}

function compile(text: string, fields: string[], timezone: string): Cron {
  try {
    const cron = new Cron(fields.join(' '), {
      mode: '5-or-6-parts',
      timezone,
      domAndDow: true,
      sloppyRanges: true,
      paused: true,
    })
    if (cron.nextRun() === null) throw new Error('it never fires')
    return cron
  } catch (cause) {
    throw refused(text, cause)
  }
}

function refused(text: string, cause?: unknown): Error {
  const reason = `schedule "${text}" is neither an NCRONTAB expression of 5 or 6 fields nor a time span`
  return new Error(reason, cause === undefined ? undefined : { cause })
}
