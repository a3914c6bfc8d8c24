import { concurrently } from '../../../shared/retraining/concurrently.ts'
import type { DroppedVersion } from '../dropper.ts'
import type { StorageWitness, StoredModel } from './storage.ts'

/**
 * Reads what the generations' jobs were really given: the copy of a drop and the input of its generation must hold the
 * drop's own rows. Answers what is not so.
 */
export async function checkContents(
  storage: Pick<StorageWitness, 'trainingSet'>,
  dropped: readonly DroppedVersion[],
  models: readonly StoredModel[],
): Promise<string[]> {
  const tags = new Map(dropped.map(({ name, etag, tag }) => [`${name} ${etag}`, tag]))
  const wanted = new Map<string, Set<string>>()
  const want = (blob: string, tag: string) => wanted.set(blob, (wanted.get(blob) ?? new Set()).add(tag))
  for (const { drops, input } of models.flatMap(({ generations }) => generations)) {
    for (const { name, etag, copy, use } of drops) {
      const tag = tags.get(`${name} ${etag}`)
      if (tag === undefined) continue
      if (copy !== undefined) want(copy, tag)
      if (use === 'trained' && input !== undefined) want(input, tag)
    }
  }
  const problems = await concurrently([...wanted], 8, async ([blob, expected]) => {
    const text = await storage.trainingSet(blob).catch((error: unknown) => `missing: ${String(error)}`)
    const absent = [...expected].filter((tag) => !text.includes(`,${tag}\n`))
    return absent.length === 0 ? [] : [`${blob} lacks the rows of ${absent.join(', ')}`]
  })
  return problems.flat()
}
