import { Cron } from 'croner'

const names = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat'
const field = new RegExp(`^(\\*|(\\d+|${names})(-(\\d+|${names}))?)(/\\d+)?$`, 'i')

/** Whether a text is a schedule of six fields (`sec min hour day month day-of-week`) that ever comes. Source: github.com/atifaziz/NCrontab. */
export function isNcrontab(text: string): boolean {
  // Settings are decoded at every read, and their schedules with them.
  const known = judged.get(text)
  if (known !== undefined) return known
  const isOne = everComes(text)
  if (judged.size >= mostCompiled) judged.clear()
  judged.set(text, isOne)
  return isOne
}

function everComes(text: string): boolean {
  const fields = text.trim().split(/\s+/)
  const isKnown = fields.every((each) => each.split(',').every((part) => field.test(part)))
  if (fields.length !== 6 || !isKnown || /7/.test((fields.at(-1) ?? '').replace(/\/\d+/g, ''))) return false
  try {
    return compile(text, 'UTC').nextRun() !== null
  } catch {
    return false
  }
}

/** Whether a text names a time zone of the IANA database. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/**
 * The first instant after `afterMs` (epoch ms) at which the schedule comes, by the clock of its time zone. A time that the
 * clock leaves out in spring comes when it goes on, one that it has twice in autumn comes the first time.
 */
export function nextOccurrenceMs(cron: string, timeZone: string | undefined, afterMs: number): number {
  const next = compile(cron, timeZone ?? 'UTC').nextRun(new Date(afterMs))
  if (next === null) throw new Error(`Cannot plan the schedule ${cron}: it never comes again`)
  return next.getTime()
}

const judged = new Map<string, boolean>()
const compiled = new Map<string, Cron>()
const mostCompiled = 1_000

/** Day and day of week must both fit, as for timers of Azure Functions. */
function compile(cron: string, timezone: string): Cron {
  const name = `${timezone} ${cron}`
  const known = compiled.get(name)
  if (known !== undefined) return known
  const made = new Cron(cron.trim(), {
    mode: '6-part',
    timezone,
    domAndDow: true,
    sloppyRanges: true,
    paused: true,
  })
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(name, made)
  return made
}
