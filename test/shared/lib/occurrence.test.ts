import { expect, test } from 'vitest'
import { parseNcrontab } from '../../../shared/lib/ncrontab.ts'
import { nextInstantMs } from '../../../shared/lib/occurrence.ts'
import { isTimeZone } from '../../../shared/lib/wallClock.ts'

// What the rules of CronSchedule (azure-webjobs-sdk-extensions) answered over NCrontab.Signed 3.3.2 on .NET 10.
const zoned: [what: string, text: string, timeZone: string, after: string, then: string][] = [
  [
    'spring: left out, so as much later',
    '0 30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00Z',
    '2026-03-29T01:30Z',
  ],
  ['spring: the day after', '0 30 2 * * *', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-30T00:30Z'],
  ['spring: every half hour', '0 */30 * * * *', 'Europe/Berlin', '2026-03-29T00:30Z', '2026-03-29T01:00Z'],
  ['spring: in New York', '0 15 2 * * *', 'America/New_York', '2026-03-08T00:00Z', '2026-03-08T07:15Z'],
  [
    'spring: half an hour on Lord Howe',
    '0 10 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-03T12:00Z',
    '2026-10-03T15:40Z',
  ],
  ['autumn: the first time', '0 30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T00:30Z'],
  ['autumn: and only once', '0 30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  [
    'autumn: started in the second hour',
    '0 30 2 * * *',
    'Europe/Berlin',
    '2026-10-25T01:10Z',
    '2026-10-26T01:30Z',
  ],
  [
    'autumn: an interval goes on',
    '0 */30 * * * *',
    'Europe/Berlin',
    '2026-10-25T00:00Z',
    '2026-10-25T00:30Z',
  ],
  [
    'autumn: into the hour again',
    '0 */30 * * * *',
    'Europe/Berlin',
    '2026-10-25T00:30Z',
    '2026-10-25T01:00Z',
  ],
  ['autumn: and out of it', '0 */30 * * * *', 'Europe/Berlin', '2026-10-25T01:30Z', '2026-10-25T02:00Z'],
  ['autumn: every hour', '0 0 * * * *', 'Europe/Berlin', '2026-10-25T00:00Z', '2026-10-25T01:00Z'],
  [
    'autumn: two hours in a row are an interval',
    '0 30 2,3 * * *',
    'Europe/Berlin',
    '2026-10-25T00:30Z',
    '2026-10-25T01:30Z',
  ],
  [
    'autumn: two hours apart are none',
    '0 30 2,4 * * *',
    'Europe/Berlin',
    '2026-10-25T00:30Z',
    '2026-10-25T03:30Z',
  ],
  [
    'autumn: two minutes apart are none',
    '0 0,30 2 * * *',
    'Europe/Berlin',
    '2026-10-25T00:30Z',
    '2026-10-26T01:00Z',
  ],
  ['autumn: in New York', '0 30 1 * * *', 'America/New_York', '2026-11-01T00:00Z', '2026-11-01T05:30Z'],
  [
    'autumn: every hour in New York',
    '0 30 * * * *',
    'America/New_York',
    '2026-11-01T05:30Z',
    '2026-11-01T06:30Z',
  ],
  ["autumn: in Saint John's", '0 30 * * * *', 'America/St_Johns', '2026-11-01T03:00Z', '2026-11-01T04:00Z'],
  ['no summer time', '0 30 2 * * *', 'Asia/Kolkata', '2026-03-28T12:00Z', '2026-03-28T21:00Z'],
  ['far east', '0 0 6 * * Sun', 'Pacific/Apia', '2026-03-28T12:00Z', '2026-03-28T17:00Z'],
]
test.each(zoned)('next, %s: %s in %s', (_what, text, timeZone, after, then) => {
  expect(nextInstantMs(parseNcrontab(text), timeZone, Date.parse(after))).toBe(Date.parse(then))
})

// Here CronSchedule goes wrong: an hour early, the first time after.
test.each([
  ['goes on in the hour that comes again', '0 0,1 2 * * *', '2026-10-25T01:00Z'],
  ['keeps its time on another day', '0 0,1 2 * * Mon', '2026-10-26T01:00Z'],
  ['keeps its time later that day', '0 * 15 * * *', '2026-10-25T14:00Z'],
])('an interval in the hour that autumn has twice: %s', (_what, text, then) => {
  const after = Date.parse('2026-10-25T00:01Z')
  expect(nextInstantMs(parseNcrontab(text), 'Europe/Berlin', after)).toBe(Date.parse(then))
})

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Nowhere/Town', false],
])('isTimeZone: %s', (text, is) => {
  expect(isTimeZone(text)).toBe(is)
})
