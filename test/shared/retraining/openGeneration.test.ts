import { expect, test } from 'vitest'
import type { Drop } from '../../../shared/retraining/drop.ts'
import type { Manifest } from '../../../shared/retraining/generation.ts'
import { openGeneration } from '../../../shared/retraining/openGeneration.ts'
import { createWorld, dropped, settings } from '../../fakes/world.ts'

/** Opens a generation of so many drops of this size; copying costs nothing. */
async function openOf(count: number, sizeBytes: number) {
  const { ports } = await createWorld()
  const written: Manifest[] = []
  const counting = {
    ...ports,
    copyDrop: async (_key: unknown, drop: Drop) => ({ kind: 'copied' as const, copy: `copies/${drop.id}` }),
    writeManifest: async (manifest: Manifest) => {
      written.push(manifest)
      return 'manifest'
    },
  }
  const waiting = Array.from({ length: count }, (_none, index): Drop => {
    const id = String(index).padStart(5, '0')
    const name = `${settings.customerId}/${settings.model}/${id}.csv`
    const times = { lastModifiedAtMs: index * 1_000, acceptedAtMs: index * 1_000 }
    return { id, name, etag: id, sizeBytes, ...times, state: 'pending' }
  })
  const latest = { ...settings, trainingData: 'latest' as const }
  await openGeneration(counting, latest, undefined, waiting)
  return written[0]
}

test('a generation takes the 10,000 oldest of the drops that wait, and leaves the rest to the next', async () => {
  const manifest = await openOf(10_003, 1)
  expect(manifest?.drops).toHaveLength(10_000)
  expect(manifest?.drops.at(-1)?.id).toBe('09999')
  expect(manifest?.input?.name).toBe('copies/09999')
})

test.each([
  [1024 ** 3, 4],
  [5 * 1024 ** 3, 1],
])('of drops of %i bytes each it takes as many as one invocation can copy', async (sizeBytes, count) => {
  expect((await openOf(10, sizeBytes))?.drops).toHaveLength(count)
})

test('a generation whose commit was done, but whose answer got lost, goes on at once', async () => {
  const world = await createWorld()
  const { commit } = world.ports
  world.ports.commit = async (key, changes) => {
    const outcome = await commit(key, changes)
    if (changes.runs === undefined) return outcome
    world.ports.commit = commit
    return 'conflict'
  }
  await dropped(world)
  await world.step()
  expect(await world.run(1)).toMatchObject({ state: 'training' })
  expect((await world.head())?.marksOf).toBeUndefined()
})
