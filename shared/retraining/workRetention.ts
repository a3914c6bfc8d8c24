import { concurrently } from './concurrently.ts'
import type { ModelKey } from './names.ts'
import type { Page } from './reconcile.ts'
import { type Removal, type RetainModelPorts, retainModel } from './retainModel.ts'
import { type RecordPorts, retainDrops, retainRecords } from './retainRecords.ts'
import { textOf } from './trouble.ts'

/** What a tick of retention needs. `tickSeconds`: it takes no new page of models after that. */
export type WorkRetentionPorts = RetainModelPorts &
  RecordPorts & {
    listModels(next: string | undefined): Promise<Page<ModelKey>>
    redact(text: string): string
    tickSeconds: number
  }

const atOnce = 4

/**
 * Removes what has outlived its time, as the settings say for each kind: first the lists, then model after model from where
 * the last tick stopped. Ticks may overlap, and one that ends in between is gone on with.
 */
export async function workRetention(ports: WorkRetentionPorts): Promise<void> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  await retainRecords(ports, true)
  await retainDrops(ports, true)
  let { next } = await ports.readRetentionPlace()
  do {
    const page = await ports.listModels(next)
    await concurrently(page.items, atOnce, (key) => retainOne(ports, key))
    next = page.next
    await ports.writeRetentionPlace({ next })
  } while (next !== undefined && ports.now() < endsAtMs)
}

/** One customer's failure never stops another's. */
async function retainOne(ports: WorkRetentionPorts, key: ModelKey): Promise<void> {
  try {
    await retainModel(ports, key, true)
  } catch (error) {
    ports.log.error({ ...key }, ports.redact(`retention failed: ${textOf(error)}`))
  }
}

/** What the next ticks would remove of a page of models, and nothing else happens. */
export async function planRetention(
  ports: WorkRetentionPorts,
  next: string | undefined,
): Promise<{ removals: Removal[]; next?: string | undefined }> {
  const page = await ports.listModels(next)
  const found = await concurrently(page.items, atOnce, (key) => retainModel(ports, key, false))
  return { removals: found.flat(), next: page.next }
}
