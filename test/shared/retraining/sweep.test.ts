import { expect, test } from 'vitest'
import type { LandedBlob } from '../../../shared/retraining/drop.ts'
import { afterMissing, nextSweep } from '../../../shared/retraining/sweep.ts'
import { createWorld, dropped, march } from '../../fakes/world.ts'

const blob: LandedBlob = { name: 'n', etag: '2', sizeBytes: 5, md5: 'm', lastModifiedMs: 2_000 }
test('a complete sweep moves the watermark to its own beginning, a page does not', () => {
  const items = [{ ...blob, lastModifiedMs: 10_000_000 }, blob]
  const first = nextSweep({ sinceAtMs: 9_000_000 }, { items, next: 'p2' }, 20_000_000)
  expect(first.due.map((found) => found.lastModifiedMs)).toEqual([10_000_000])
  expect(first.cursor).toEqual({ next: 'p2', startedAtMs: 20_000_000, sinceAtMs: 9_000_000 })
  expect(nextSweep(first.cursor, { items: [] }, 30_000_000).cursor).toEqual({ sinceAtMs: 20_000_000 })
})

test('the watermark never moves past a blob that could not be taken', () => {
  const missed = [
    { ...blob, lastModifiedMs: 9_500_000 },
    { ...blob, lastModifiedMs: 9_900_000 },
  ]
  const first = nextSweep({ sinceAtMs: 9_000_000 }, { items: missed, next: 'p2' }, 20_000_000)
  const cursor = afterMissing(first.cursor, missed)
  expect(nextSweep(cursor, { items: [] }, 30_000_000).cursor).toEqual({ sinceAtMs: 9_500_000 })
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
