import { describe, expect, test } from 'vitest'
import { nextOccurrenceMs } from '../../../shared/lib/ncrontab.ts'
import { pauseModel } from '../../../shared/retraining/pauseModels.ts'
import { nextDueMs } from '../../../shared/retraining/schedule.ts'
import { workSchedules } from '../../../shared/retraining/workSchedules.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

const schedule = { cron: '0 0 2 * * *', spreadMinutes: 0 }

/** Goes on in steps of a quarter of an hour, as the timers would. */
async function hours(world: World, count: number): Promise<void> {
  for (let quarter = 0; quarter < count * 4; quarter++) {
    await world.reconcile()
    await workSchedules(world.ports)
    await world.play(300, 60)
    world.clock.advance(600)
  }
}

describe('a schedule', () => {
  test('starts what has come in, once a time, and says when nothing has', async () => {
    const world = await createWorld({ schedule })
    await world.reconcile()
    await dropped(world)
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    const nextAtMs = (await world.head())?.schedule?.nextAtMs ?? 0
    expect(new Date(nextAtMs).toISOString()).toMatch(/T02:00:00.000Z$/)
    while (world.clock.now() < nextAtMs - 900_000) await hours(world, 0.25)
    expect(await world.head()).toMatchObject({ lastGeneration: 0 })
    await hours(world, 2)
    expect(await world.head()).toMatchObject({
      live: 1,
      schedule: { last: { outcome: 'started', reason: '2 drops waited', dueAtMs: nextAtMs } },
    })
    await hours(world, 24)
    expect(await world.head()).toMatchObject({
      lastGeneration: 1,
      schedule: { last: { outcome: 'skipped', reason: 'nothing has come since' } },
    })
    expect(await world.ports.listDueSchedules(Number.MAX_SAFE_INTEGER / 2, undefined)).toMatchObject({
      items: [{ customerId: 'contoso' }],
    })
  })

  test('skips a paused model, and says so', async () => {
    const world = await createWorld({ schedule })
    await pauseModel(world.ports, world.key, { by: 'ann', reason: 'holiday' })
    await dropped(world)
    await hours(world, 25)
    expect((await world.head())?.schedule?.last).toMatchObject({
      outcome: 'skipped',
      reason: 'the model is paused by ann: holiday',
    })
  })

  test('a place in line that got lost is taken again, and a second one starts nothing', async () => {
    const world = await createWorld({ schedule })
    await dropped(world)
    await world.reconcile()
    const [due] = (await world.ports.listDueSchedules(Number.MAX_SAFE_INTEGER / 2, undefined)).items
    if (due === undefined) throw new Error('not in line')
    await world.ports.removeSchedule(due)
    await hours(world, 25)
    expect(await world.head()).toMatchObject({ live: 1 })
    await world.ports.addSchedule(due)
    await hours(world, 0.25)
    expect(await world.head()).toMatchObject({ lastGeneration: 1 })
  })

  test('taken away, what waits starts; changed, it is planned anew', async () => {
    const world = await createWorld({ schedule })
    await dropped(world)
    await hours(world, 0.25)
    const settings = await world.ports.readSettings(world.key)
    if (settings === undefined) throw new Error('no settings')
    await world.ports.putSettings({ ...settings, schedule: { cron: '0 30 5 * * *', spreadMinutes: 0 } })
    await hours(world, 0.25)
    const nextAtMs = (await world.head())?.schedule?.nextAtMs ?? 0
    expect(new Date(nextAtMs).toISOString()).toMatch(/T05:30:00.000Z$/)
    await world.ports.putSettings({ ...settings, schedule: undefined })
    await hours(world, 0.5)
    expect(await world.head()).toMatchObject({ live: 1 })
    expect((await world.head())?.schedule).toBeUndefined()
  })
})

test('2,000 models at 02:00 are spread over their minutes, each at the same place every night', () => {
  const nightly = { cron: '0 0 2 * * *', timeZone: 'Europe/Berlin', spreadMinutes: 30 }
  const due = (index: number, fromMs: number) =>
    nextDueMs({ nextOccurrenceMs }, nightly, { customerId: `c${index}`, model: 'census' }, fromMs)
  const fromMs = Date.parse('2026-06-01T12:00:00Z')
  const minutes = new Map<number, number>()
  for (let index = 0; index < 2_000; index++) {
    const minute = Math.floor((due(index, fromMs) - Date.parse('2026-06-02T00:00:00Z')) / 60_000)
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
  }
  expect([...minutes.keys()].sort((one, other) => one - other)).toEqual(
    Array.from({ length: 30 }, (_, at) => at),
  )
  expect(Math.max(...minutes.values())).toBeLessThan(120)
  expect(due(7, due(7, fromMs)) - due(7, fromMs)).toBe(86_400_000)
})

test.each([
  [
    'a spread longer than the interval never reaches the next time',
    '0 * * * * *',
    'UTC',
    '2026-01-01T00:00:10Z',
    60,
  ],
])('nextDueMs: %s', (_when, cron, timeZone, from, seconds) => {
  const schedule = { cron, timeZone, spreadMinutes: 60 }
  const key = { customerId: 'c', model: 'm' }
  const first = nextDueMs({ nextOccurrenceMs }, schedule, key, Date.parse(from))
  expect(nextDueMs({ nextOccurrenceMs }, schedule, key, first) - first).toBe(seconds * 1_000)
})

test.each([
  ['the hour that spring leaves out', '2026-03-28T12:00:00Z', '2026-03-29T01:30:00.000Z'],
  ['the day after', '2026-03-29T12:00:00Z', '2026-03-30T00:30:00.000Z'],
  ['the hour that autumn has twice', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  ['and only once', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
])('nextOccurrenceMs at 02:30 in Berlin: %s', (_when, after, then) => {
  const atMs = nextOccurrenceMs('0 30 2 * * *', 'Europe/Berlin', Date.parse(after))
  expect(new Date(atMs).toISOString()).toBe(then)
})
