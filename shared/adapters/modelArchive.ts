import type { BlobStore } from '../lib/blobStore.ts'
import { RetryableError } from '../retraining/errors.ts'
import { modelPath, paddedGeneration } from '../retraining/names.ts'
import type { ResourceLocation } from '../retraining/services.ts'
import type { ModelArchive } from '../retraining/stores.ts'
import { createMeasured, measureBlob } from './measuredBlob.ts'
import { assertOwnBlob } from './ownBlob.ts'

/** What the archive needs: its container, and a way to read a job's output by its SAS. */
export type ModelArchiveOptions = {
  models: BlobStore
  openOutput(from: ResourceLocation): Promise<AsyncIterable<Uint8Array>>
  maxBytes: number
}

const mostEvaluationBytes = 1024 * 1024

/** Models and evaluations in container `models`: create-only, so that what a run names never changes. */
export function createModelArchive({ models, openOutput, maxBytes }: ModelArchiveOptions): ModelArchive {
  return {
    async archiveOutput(key, file, from) {
      const name = `${modelPath(key)}/${paddedGeneration(key.generation)}/${file}`
      const type = file.endsWith('.csv') ? 'text/csv' : 'application/octet-stream'
      const target = { blobs: models, name, type, maxBytes }
      const isThere = (await models.facts(name)) !== undefined
      const measured = isThere
        ? await measureBlob(target)
        : await createMeasured(target, () => openOutput(from))
      return { name, ...measured }
    },
    async readEvaluation(key, name) {
      assertOwnBlob(key, name)
      const bytes = await models.read(name, mostEvaluationBytes)
      if (bytes === undefined) throw new RetryableError(`Cannot read the evaluation ${name}: it is missing`)
      return new TextDecoder().decode(bytes)
    },
    signModel(key, name, startsAtMs, expiresAtMs) {
      assertOwnBlob(key, name)
      return models.readOnlyReference(name, startsAtMs, expiresAtMs)
    },
    async hasModel(key, name) {
      assertOwnBlob(key, name)
      return (await models.facts(name)) !== undefined
    },
  }
}
