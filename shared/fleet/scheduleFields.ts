import { z } from 'zod'
import { isNcrontab, ncrontabProblem } from '../lib/ncrontab.ts'
import { isTimeZone } from '../lib/wallClock.ts'

/** A model's schedule as it is declared; what is wrong with it says which field, what it takes, and an example. */
export const scheduleFields = z.strictObject({
  cron: z
    .string()
    .refine(isNcrontab, { error: ({ input }) => cronProblem(String(input)) })
    .meta({
      description: 'NCRONTAB of six fields, seconds first: 0 30 2 * * * is every night at 02:30',
    }),
  timeZone: z
    .string()
    .refine(isTimeZone, { error: ({ input }) => timeZoneProblem(String(input)) })
    .meta({ description: 'An IANA time zone, Europe/Berlin; UTC where absent' })
    .optional(),
  spreadMinutes: z.number().min(0).max(1_440).optional(),
})

const fieldNames = 'second minute hour day month day-of-week'
const example = '0 30 2 * * * is every night at 02:30'

/** What other dialects call by a name. */
const macros: Readonly<Record<string, string>> = {
  '@hourly': '0 0 * * * *',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@weekly': '0 0 0 * * 0',
  '@monthly': '0 0 0 1 * *',
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
}

/** What is wrong with a text that is no schedule: the field, what it takes, an example. Pure. */
function cronProblem(text: string): string {
  const problem = (ncrontabProblem(text) ?? '').replace(/^Cannot read the /, 'the ')
  const given = text.split(' ').filter((field) => field !== '')
  if (given.length === 6) return `${problem} (${fieldNames}; ${example})`
  const meant = given.length === 5 ? `0 ${given.join(' ')}` : macros[given.join(' ').toLowerCase()]
  const hint = meant !== undefined && isNcrontab(meant) ? `perhaps ${meant}` : example
  return `it has ${given.length} ${given.length === 1 ? 'field' : 'fields'} and takes six, ${fieldNames}: ${hint}`
}

const mostZones = 3

/** What is wrong with a text that is no time zone, and which may be meant. Pure. */
function timeZoneProblem(text: string): string {
  const wanted = text.trim().toLowerCase().replaceAll(' ', '_')
  const likely = Intl.supportedValuesOf('timeZone').filter((zone) =>
    zone
      .toLowerCase()
      .split('/')
      .includes(wanted.split('/').at(-1) ?? ''),
  )
  const meant = likely.slice(0, mostZones).join(' or ')
  return meant === ''
    ? 'it is no time zone of the IANA database: as Europe/Berlin, America/New_York or UTC'
    : `it is no time zone of the IANA database: perhaps ${meant}`
}
