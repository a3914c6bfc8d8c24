import { expect, test } from 'vitest'
import type { Drop } from '../../../shared/retraining/drop.ts'
import type { Manifest } from '../../../shared/retraining/generation.ts'
import { openGeneration } from '../../../shared/retraining/openGeneration.ts'
import { createWorld, settings } from '../../fakes/world.ts'

test('a generation takes the 10,000 oldest of the drops that wait, and leaves the rest to the next', async () => {
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
  const waiting = Array.from({ length: 10_003 }, (_none, index): Drop => {
    const id = String(index).padStart(5, '0')
    const name = `${settings.customerId}/${settings.model}/${id}.csv`
    const times = { lastModifiedAtMs: index * 1_000, acceptedAtMs: index * 1_000 }
    return { id, name, etag: id, sizeBytes: 1, ...times, state: 'pending' }
  })
  const latest = { ...settings, trainingData: 'latest' as const }
  const opened = await openGeneration(counting, latest, undefined, waiting)
  expect(opened?.drops).toHaveLength(10_000)
  expect(written[0]?.drops.at(-1)?.id).toBe('09999')
  expect(written[0]?.input?.name).toBe('copies/09999')
})
