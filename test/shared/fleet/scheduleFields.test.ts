import { expect, test } from 'vitest'
import { scheduleFields } from '../../../shared/fleet/scheduleFields.ts'

const names = 'second minute hour day month day-of-week'
const night = '0 30 2 * * * is every night at 02:30'
const wrong = (given: object) =>
  scheduleFields.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

test.each([
  ['0 0 25 * * *', `the hour "25": it is 0 to 23 (${names}; ${night})`],
  ['0 0 2 * * sunn', `the day of week "sunn": it is 0 to 6 or a name in English (${names}; ${night})`],
  ['0 0 2 * * 7', `the day of week "7": it is 0 to 6 or a name in English (${names}; ${night})`],
  ['0 */x 2 * * *', `the minute "/x": a step is a whole number (${names}; ${night})`],
  ['0 0 0 31 2 *', `it never comes: no such month has such a day (${names}; ${night})`],
  ['30 2 * * *', `it has 5 fields and takes six, ${names}: perhaps 0 30 2 * * *`],
  ['@daily', `it has 1 field and takes six, ${names}: perhaps 0 0 0 * * *`],
  ['every night', `it has 2 fields and takes six, ${names}: ${night}`],
  ['', `it has 0 fields and takes six, ${names}: ${night}`],
])('the schedule "%s" says what is wrong', (cron, message) => {
  expect(wrong({ cron })).toEqual([`cron: ${message}`])
})

const no = 'it is no time zone of the IANA database'
test.each([
  ['Berlin', `${no}: perhaps Europe/Berlin`],
  ['US/New York', `${no}: perhaps America/New_York`],
  ['W. Europe Standard Time', `${no}: as Europe/Berlin, America/New_York or UTC`],
  ['', `${no}: as Europe/Berlin, America/New_York or UTC`],
])('the time zone "%s" says what is wrong, and which may be meant', (timeZone, message) => {
  expect(wrong({ cron: '0 0 2 * * *', timeZone })).toEqual([`timeZone: ${message}`])
})

test('both are said at once, and what is right is taken', () => {
  expect(wrong({ cron: '* * *', timeZone: 'Mars/Base' })).toHaveLength(2)
  expect(wrong({ cron: '0 */5 8-18 * * mon-fri', timeZone: 'America/New_York' })).toBeUndefined()
})
