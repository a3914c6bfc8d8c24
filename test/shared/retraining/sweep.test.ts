import { expect, test } from 'vitest'
import { createLandedBlobs } from '../../../shared/adapters/landedBlobs.ts'
import { afterOldDays } from '../../../shared/retraining/datedName.ts'
import type { LandedBlob } from '../../../shared/retraining/drop.ts'
import { afterMissing, nextSweep, type SweepName, stoppedBefore } from '../../../shared/retraining/sweep.ts'
import { type SweepLandedPorts, sweepLanded } from '../../../shared/retraining/sweepLanded.ts'
import { createWorld, dropped, march } from '../../fakes/world.ts'

const blob: LandedBlob = { name: 'n', etag: '2', sizeBytes: 5, md5: 'm', lastModifiedMs: 2_000 }
const at = (nowMs: number, name: SweepName = 'recent') => ({ name, nowMs })

test('a complete sweep moves the watermark to its own beginning, a page does not', () => {
  const items = [{ ...blob, lastModifiedMs: 10_000_000 }, blob]
  const first = nextSweep({ sinceAtMs: 9_000_000 }, { items, next: 'p2' }, at(20_000_000))
  expect(first.due.map((found) => found.lastModifiedMs)).toEqual([10_000_000])
  expect(first.cursor).toEqual({ next: 'p2', startedAtMs: 20_000_000, sinceAtMs: 9_000_000 })
  expect(nextSweep(first.cursor, { items: [] }, at(30_000_000)).cursor).toEqual({ sinceAtMs: 20_000_000 })
})

test('the watermark never moves past a blob that could not be taken', () => {
  const missed = [
    { ...blob, lastModifiedMs: 9_500_000 },
    { ...blob, lastModifiedMs: 9_900_000 },
  ]
  const first = nextSweep({ sinceAtMs: 9_000_000 }, { items: missed, next: 'p2' }, at(20_000_000))
  const cursor = afterMissing(first.cursor, missed)
  expect(nextSweep(cursor, { items: [] }, at(30_000_000)).cursor).toEqual({ sinceAtMs: 9_500_000 })
  expect(afterMissing({ sinceAtMs: 20_000_000 }, missed)).toEqual({ sinceAtMs: 9_500_000 })
  expect(afterMissing(cursor, [])).toEqual(cursor)
})

test('a sweep asks once for a blob that is recorded, and accepts one that is not', async () => {
  const world = await createWorld({ quietSeconds: 600, maxQuietSeconds: 600 })
  await dropped(world)
  await world.containers.trainingData.putText('contoso/census/lost.csv', 'age\n40\n')
  const asked: string[] = []
  const { readBlobFacts } = world.ports
  world.ports.readBlobFacts = (name) => {
    asked.push(name)
    return readBlobFacts(name)
  }
  await world.reconcile()
  expect(asked).toEqual(['contoso/census/lost.csv'])
  const { drops } = await world.ports.readDrops(world.key, { size: 10 })
  expect(drops.map((drop) => drop.name).sort()).toEqual(['contoso/census/lost.csv', march])
})

const today = Date.UTC(2026, 0, 31)
const days: [when: string, name: string, then: string | undefined][] = [
  ['an old day', 'contoso/census/2025-11-30/a.csv', 'contoso/census/2026-01-29'],
  ['in folders', 'contoso/census/2025/11/30/a.csv', 'contoso/census/2026/01/29'],
  ['without separators', 'contoso/census/20251130T0100.csv', 'contoso/census/20260129'],
  ['the day before yesterday: a time zone may be far', 'contoso/census/2026-01-29/a.csv', undefined],
  ['a longer number', 'contoso/census/202511305.csv', undefined],
  ['no day', 'contoso/census/march.csv', undefined],
  ['a day further down', 'contoso/census/in/2025-11-30.csv', undefined],
  ['mixed separators', 'contoso/census/2025-11/30.csv', undefined],
]
test.each(days)('afterOldDays: %s', (_when, name, then) => {
  expect(afterOldDays(name, today)).toBe(then)
})

test('a recent sweep goes on behind the old days of a model, a whole one does not', () => {
  const items = [{ ...blob, name: 'contoso/census/2025-11-30/a.csv', lastModifiedMs: 0 }]
  const begun = { startedAtMs: today, sinceAtMs: today, missedAtMs: undefined }
  const from = 'contoso/census/2026-01-28'
  const page = { items, next: 'p2' }
  expect(nextSweep(begun, page, at(today)).cursor).toEqual({ ...begun, from, skips: true })
  expect(nextSweep(begun, page, at(today, 'whole')).cursor).toEqual({ ...begun, next: 'p2' })
  expect(nextSweep({ ...begun, sinceAtMs: undefined }, page, at(today)).cursor.from).toBeUndefined()
})

test('a lost blob of today is found behind a million old ones by few listings, one that is dated back by the whole sweep', async () => {
  const world = await createWorld({ quietSeconds: 600, maxQuietSeconds: 600 })
  const { trainingData } = world.containers
  const names = (day: string) =>
    Array.from({ length: 30 }, (_none, index) => `contoso/census/${day}/${index}.csv`)
  for (const name of names('2020-01-01')) await trainingData.putText(name, 'age\n40\n')
  const landed = createLandedBlobs(trainingData, 5)
  let listings = 0
  const ports: SweepLandedPorts = {
    ...world.ports,
    sweepPages: 100,
    listLanded: (place) => {
      listings++
      return landed.listLanded(place)
    },
  }
  await sweepLanded(ports)
  expect(listings).toBe(6)
  await world.clock.advance(10 * 86_400)
  const today = new Date(world.clock.now()).toISOString().slice(0, 10)
  await trainingData.putText(`contoso/census/${today}/lost.csv`, 'age\n41\n')
  await trainingData.putText('contoso/census/2020-01-01/back.csv', 'age\n42\n')
  const recorded = async () =>
    (await world.ports.readDrops(world.key, { size: 100 })).drops.map((drop) => drop.name)
  listings = 0
  await sweepLanded({ ...ports, sweepPages: 2 })
  expect(listings).toBe(3)
  expect(await recorded()).toContain(`contoso/census/${today}/lost.csv`)
  expect(await recorded()).not.toContain('contoso/census/2020-01-01/back.csv')
  for (let tick = 0; tick < 7; tick++) await sweepLanded({ ...ports, sweepPages: 2 })
  expect(await recorded()).toContain('contoso/census/2020-01-01/back.csv')
})

test('a sweep that stopped before a blob goes on there, and keeps what it missed', () => {
  const cursor = stoppedBefore({ next: 'p2', sinceAtMs: 1, missedAtMs: 2, skips: true }, blob, 30_000)
  expect(cursor).toEqual({ from: 'n', startedAtMs: 30_000, sinceAtMs: 1, missedAtMs: 2, skips: true })
  expect(stoppedBefore({ startedAtMs: 7, from: 'a' }, blob, 30_000)).toEqual({ from: 'n', startedAtMs: 7 })
})

test('a tick that runs out of time in the middle of a page goes on there at the next', async () => {
  const world = await createWorld({ quietSeconds: 600, maxQuietSeconds: 600 })
  const names = Array.from({ length: 30 }, (_none, index) => `contoso/census/${index}.csv`)
  for (const name of names) await world.containers.trainingData.putText(name, 'age\n40\n')
  const { readBlobFacts } = world.ports
  const slow: SweepLandedPorts = {
    ...world.ports,
    tickSeconds: 10,
    readBlobFacts: (name) => {
      world.clock.advance(1)
      return readBlobFacts(name)
    },
  }
  const recorded = async () => (await world.ports.readDrops(world.key, { size: 100 })).drops.length
  await sweepLanded(slow)
  expect(await recorded()).toBeGreaterThan(0)
  expect(await recorded()).toBeLessThan(30)
  const { from, sinceAtMs } = await world.ports.readSweepCursor('recent')
  expect([from, sinceAtMs]).toEqual([expect.stringMatching(/^contoso\/census\/\d+\.csv$/), undefined])
  for (let tick = 0; tick < 3; tick++) await sweepLanded(slow)
  expect(await recorded()).toBe(30)
  expect((await world.ports.readSweepCursor('recent')).sinceAtMs).toBeDefined()
})
