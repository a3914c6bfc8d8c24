import { expect, test } from 'vitest'
import { everComes, isNcrontab, ncrontabProblem, parseNcrontab } from '../../../shared/lib/ncrontab.ts'
import { nextInstantMs } from '../../../shared/lib/occurrence.ts'

const next = (text: string, afterMs: number) => nextInstantMs(parseNcrontab(text), 'UTC', afterMs)

// What NCrontab.Signed 3.3.2 answered, the parser of Azure Functions, 6 fields or 5 as its timers read them.
const times: [what: string, text: string, after: string, then: string][] = [
  ['each ten seconds', '*/10 * * * * *', '2026-11-21T00:00:05Z', '2026-11-21T00:00:10Z 2026-11-21T00:00:20Z'],
  [
    'from a number on, with a step',
    '0 5/20 * * * *',
    '2026-11-21T00:06Z',
    '2026-11-21T00:25Z 2026-11-21T00:45Z',
  ],
  ['a range with a step', '0 0 8-18/5 * * *', '2026-11-21T09:00Z', '2026-11-21T13:00Z 2026-11-21T18:00Z'],
  [
    'a list of ranges and steps',
    '0 1-5,10-20/5,50 * * * *',
    '2026-11-21T00:16Z',
    '2026-11-21T00:20Z 2026-11-21T00:50Z',
  ],
  [
    'a range downwards is turned round',
    '0 0 22-20 * * *',
    '2026-11-21T00:00Z',
    '2026-11-21T20:00Z 2026-11-21T21:00Z',
  ],
  [
    'days of the week downwards too',
    '0 0 0 * * Fri-Mon',
    '2026-11-21T00:00Z',
    '2026-11-23T00:00Z 2026-11-24T00:00Z',
  ],
  ['a step beyond the field', '0 */70 * * * *', '2026-11-21T00:30Z', '2026-11-21T01:00Z 2026-11-21T02:00Z'],
  ['a step of 0 is 1', '0 */0 * * * *', '2026-11-21T00:30Z', '2026-11-21T00:31Z 2026-11-21T00:32Z'],
  ['a step below 0 is 1', '0 5/-3 * * * *', '2026-11-21T00:30Z', '2026-11-21T00:31Z 2026-11-21T00:32Z'],
  ['a step with its sign', '0 */+20 * * * *', '2026-11-21T00:30Z', '2026-11-21T00:40Z 2026-11-21T01:00Z'],
  ['a step of one value', '0 5-5/3 * * * *', '2026-11-21T00:30Z', '2026-11-21T01:05Z 2026-11-21T02:05Z'],
  ['the greatest step', '0 */2147483647 * * * *', '2026-11-21T00:30Z', '2026-11-21T01:00Z 2026-11-21T02:00Z'],
  ['leading zeros', '00 007 04 * * 05', '2026-11-21T00:00Z', '2026-11-27T04:07Z 2026-12-04T04:07Z'],
  ['names, in any case', '0 0 6 * Dec mon-FRI', '2026-11-21T00:00Z', '2026-12-01T06:00Z 2026-12-02T06:00Z'],
  [
    'names that are cut or whole',
    '0 0 6 * sept,janu Wednes,T',
    '2026-11-21T00:00Z',
    '2027-01-05T06:00Z 2027-01-06T06:00Z',
  ],
  [
    'one letter is the first name with it',
    '0 0 6 1 j,m *',
    '2026-11-21T00:00Z',
    '2027-01-01T06:00Z 2027-03-01T06:00Z',
  ],
  [
    'day and day of week must both fit',
    '0 0 0 13 * Fri',
    '2026-11-21T00:00Z',
    '2027-08-13T00:00Z 2028-10-13T00:00Z',
  ],
  ['29 February', '0 0 0 29 2 *', '2026-11-21T00:00Z', '2028-02-29T00:00Z 2032-02-29T00:00Z'],
  ['29 February, a Monday', '0 0 0 29 Feb Mon', '2026-11-21T00:00Z', '2044-02-29T00:00Z 2072-02-29T00:00Z'],
  ['the 31st', '0 30 1 31 * *', '2026-11-21T00:00Z', '2026-12-31T01:30Z 2027-01-31T01:30Z'],
  [
    'the 31st of all that have one',
    '0 0 0 31 2,4,6,7 *',
    '2026-11-21T00:00Z',
    '2027-07-31T00:00Z 2028-07-31T00:00Z',
  ],
  [
    'spaces around and between',
    '  0  0   2 * * *  ',
    '2026-11-21T00:00Z',
    '2026-11-21T02:00Z 2026-11-22T02:00Z',
  ],
  ['a tab after a number', '0 0\t 2 * * *', '2026-11-21T00:00Z', '2026-11-21T02:00Z 2026-11-22T02:00Z'],
  ['five fields', '30 9 * * *', '2026-11-21T10:00Z', '2026-11-22T09:30Z 2026-11-23T09:30Z'],
  ['five fields, at the tick', '*/5 * * * *', '2026-11-21T10:05Z', '2026-11-21T10:10Z 2026-11-21T10:15Z'],
  [
    'a part of a second before',
    '0 * * * * *',
    '2026-11-21T10:04:59.999Z',
    '2026-11-21T10:05Z 2026-11-21T10:06Z',
  ],
  [
    'the end of the year',
    '59 59 23 31 12 *',
    '2026-12-31T23:59:59Z',
    '2027-12-31T23:59:59Z 2028-12-31T23:59:59Z',
  ],
]
test.each(times)('next, %s: %s', (_what, text, after, then) => {
  const firstMs = next(text, Date.parse(after))
  expect([firstMs, next(text, firstMs)]).toEqual(then.split(' ').map((each) => Date.parse(each)))
})

// What NCrontab.Signed 3.3.2 refused, or threw at.
const refused = [
  '',
  '* * * *',
  '* * * * * * *',
  '0 0 0 ? * *',
  '0 0 0 L * *',
  '0 0 0 15W * *',
  '0 0 0 * * 5L',
  '0 0 0 * * Mon#1',
  '@daily',
  'H * * * * *',
  '0 0 0 * * 7',
  '0 0 0 * * 1-7',
  '60 * * * * *',
  '0 60 * * * *',
  '0 0 24 * * *',
  '0 0 0 0 * *',
  '0 0 0 32 * *',
  '0 0 0 * 0 *',
  '0 0 0 * 13 *',
  '0 0 0 * Janx *',
  '0 0 0 * * Mondays',
  'Mon 0 0 * * *',
  '1,,2 * * * * *',
  ',1 * * * * *',
  '1, * * * * *',
  '1-2-3 * * * * *',
  '-5 * * * * *',
  '5- * * * * *',
  '*-5 * * * * *',
  '*5 * * * * *',
  '/5 * * * * *',
  '5/ * * * * *',
  '1/2/3 * * * * *',
  '*/x * * * * *',
  '1.5 * * * * *',
  '99999999999 * * * * *',
  '*/2147483648 * * * * *',
  '5/2147483647 * * * * *',
  '0\t0\t2\t*\t*\t*',
  '\t0 0 2 * * *x',
]
test.each(refused)('"%s" is no schedule', (text) => {
  expect(() => parseNcrontab(text)).toThrow(/^Cannot read the |^it has neither six fields nor five$/)
  expect(isNcrontab(text)).toBe(false)
})

test.each([
  ['0 0 0 29 2 *', true],
  ['0 0 0 30 2 *', false],
  ['0 0 0 31 2,4,6,9,11 *', false],
  ['0 0 0 31 2,3 *', true],
])('everComes: %s', (text, comes) => {
  expect(everComes(parseNcrontab(text))).toBe(comes)
})

test.each([
  ['0 0 2 * * *', undefined],
  ['0 */5 8-18 * * mon-fri', undefined],
  ['* * * * *', 'six fields: second minute hour day month day-of-week'],
  ['@daily', 'six fields: second minute hour day month day-of-week'],
  ['0 0 25 * * *', 'Cannot read the hour "25": it is 0 to 23'],
  ['0 0 0 ? * *', 'Cannot read the day "?": it is 1 to 31'],
  ['0 0 0 * * 7', 'Cannot read the day of week "7": it is 0 to 6 or a name in English'],
  ['0 */x * * * *', 'Cannot read the minute "/x": a step is a whole number'],
  ['0 0 0 31 2 *', 'it never comes: no such month has such a day'],
  ['0 0 22-2 * * *', 'a range goes upwards: 22,23,0-2 for what is meant by 22-2'],
])('a schedule of the app: %s', (text, problem) => {
  expect(ncrontabProblem(text)).toBe(problem)
  expect(isNcrontab(text)).toBe(problem === undefined)
})
