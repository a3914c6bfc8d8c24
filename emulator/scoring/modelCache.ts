import { createScorer, type Scorer } from '../engine/index.ts'
import type { ModelFiles } from '../state/modelFiles.ts'
import type { ModelReader } from './modelReader.ts'

/** Decoded models, loaded when first asked for; the ones longest not asked for go when there are too many bytes. */
export type ModelCache = {
  /** At once, when it is in memory. */
  peek(model: string): Scorer | undefined
  load(model: string): Promise<Scorer>
  /** Bytes of the model files in memory. */
  sizeBytes(): number
}

/** What a decoded model is counted as, for each byte of its file. */
type Entry = { scorer: Scorer; sizeBytes: number }

/** A cache that keeps up to `maxBytes` of model files (always at least one). */
export function createModelCache(
  files: Pick<ModelFiles, 'read'>,
  reader: Pick<ModelReader, 'read'>,
  maxBytes: number,
): ModelCache {
  const entries = new Map<string, Entry>()
  const loading = new Map<string, Promise<Scorer>>()
  let sizeBytes = 0

  async function read(model: string): Promise<Scorer> {
    const bytes = await files.read(model)
    const entry = { scorer: createScorer(await reader.read(bytes)), sizeBytes: bytes.length }
    entries.set(model, entry)
    sizeBytes += entry.sizeBytes
    for (const [oldest, old] of entries) {
      if (sizeBytes <= maxBytes || entries.size === 1) break
      entries.delete(oldest)
      sizeBytes -= old.sizeBytes
    }
    return entry.scorer
  }
  return {
    sizeBytes: () => sizeBytes,
    peek(model) {
      const entry = entries.get(model)
      if (entry === undefined) return undefined
      // Asked for last: to the end of the map's order.
      if (entries.size > 1) {
        entries.delete(model)
        entries.set(model, entry)
      }
      return entry.scorer
    },
    load(model) {
      const known = loading.get(model)
      if (known !== undefined) return known
      const started = read(model).finally(() => loading.delete(model))
      loading.set(model, started)
      return started
    },
  }
}

/** The model that answers now: the last one whose time has come. */
export function liveModel(installs: readonly { model: string; liveFromMs: number }[], nowMs: number): string {
  for (let at = installs.length - 1; at >= 0; at--) {
    const install = installs[at]
    if (install !== undefined && install.liveFromMs <= nowMs) return install.model
  }
  return installs[0]?.model ?? ''
}
