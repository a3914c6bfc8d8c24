import { type Field, fieldKinds, parseField } from './ncrontabField.ts'
import { nextInstantMs } from './occurrence.ts'

/** A schedule; `hasInterval`: two seconds, minutes or hours in a row, as in `*` and `8-18`. */
export type Ncrontab = { fields: readonly Field[]; hasInterval: boolean }

/**
 * Reads an NCRONTAB expression of six fields (`second minute hour day month day-of-week`), or of five, which comes at second 0.
 * Only spaces part fields. Day and day of week must both fit. Throws with the reason. Source: NCrontab, as the timers of Azure
 * Functions use it; what other dialects know (`?`, `L`, `#`, `@daily`, day of week 7) is refused as it is there.
 */
export function parseNcrontab(text: string): Ncrontab {
  const given = text.split(' ').filter((field) => field !== '')
  const texts = given.length === 5 ? ['0', ...given] : given
  if (texts.length !== 6) throw new Error('it has neither six fields nor five')
  const fields = fieldKinds.map((kind, at) => parseField(kind, texts[at] ?? ''))
  const inRow = ({ values }: Field) => [...values].some((value) => values.has(value + 1))
  return { fields, hasInterval: fields.slice(0, 3).some(inRow) }
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether a schedule ever comes: 30 February does not. Pure. */
export function everComes({ fields }: Ncrontab): boolean {
  const [, , , days, months] = fields.map(({ values }) => [...values])
  const first = Math.min(...(days ?? []))
  return (months ?? []).some((month) => first <= (longestMonths[month - 1] ?? 0))
}

/** Why the app takes a text for no schedule of its own, or `undefined` where it does. Pure. */
export function ncrontabProblem(text: string): string | undefined {
  try {
    if (text.split(' ').filter((field) => field !== '').length !== 6) {
      return 'six fields: second minute hour day month day-of-week'
    }
    const schedule = parseNcrontab(text)
    if (!everComes(schedule)) return 'it never comes: no such month has such a day'
    const isReversed = schedule.fields.some((field) => field.isReversed)
    return isReversed ? 'a range goes upwards: 22,23,0-2 for what is meant by 22-2' : undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

const known = new Map<string, Ncrontab | undefined>()
const mostKnown = 1_000

/** Settings are decoded at every read, and their schedules with them: what was read once is kept. */
function knownSchedule(text: string): Ncrontab | undefined {
  if (known.has(text)) return known.get(text)
  if (known.size >= mostKnown) known.clear()
  const schedule = ncrontabProblem(text) === undefined ? parseNcrontab(text) : undefined
  known.set(text, schedule)
  return schedule
}

/** Whether a text is a schedule of six fields that the app takes: NCRONTAB that ever comes, without ranges downwards. */
export function isNcrontab(text: string): boolean {
  return knownSchedule(text) !== undefined
}

/** The first instant after `afterMs` (epoch ms) at which a schedule of the app comes, by the clock of its time zone (or UTC). */
export function nextOccurrenceMs(cron: string, timeZone: string | undefined, afterMs: number): number {
  const schedule = knownSchedule(cron)
  if (schedule === undefined) throw new Error(`Cannot plan the schedule ${cron}: ${ncrontabProblem(cron)}`)
  return nextInstantMs(schedule, timeZone ?? 'UTC', afterMs)
}
