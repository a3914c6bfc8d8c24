import { createHash } from 'node:crypto'
import type { BlobStore } from '../lib/blobStore.ts'
import { RetryableError, TerminalError } from '../retraining/errors.ts'
import { modelPath, paddedGeneration } from '../retraining/names.ts'
import type { ArchivedFile } from '../retraining/run.ts'
import type { ResourceLocation } from '../retraining/services.ts'
import type { ModelArchive } from '../retraining/stores.ts'
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
      if ((await models.facts(name)) === undefined) {
        const meter = createMeter(maxBytes)
        const type = file.endsWith('.csv') ? 'text/csv' : 'application/octet-stream'
        const created = await models.createOnly(name, meter.through(await openOutput(from)), type)
        if (created === 'created') return { name, ...meter.total() }
      }
      return measureArchived(models, name, maxBytes)
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

/** Archived by an earlier try: what is there is whole, since a blob is committed at its end. */
async function measureArchived(models: BlobStore, name: string, maxBytes: number): Promise<ArchivedFile> {
  const found = await models.stream(name)
  if (found.kind !== 'found') throw new RetryableError(`Cannot read the archived file ${name}: it is missing`)
  const meter = createMeter(maxBytes)
  for await (const _chunk of meter.through(found.content));
  return { name, ...meter.total() }
}

/** Counts and hashes what flows through; refuses what is larger than `maxBytes`. */
function createMeter(maxBytes: number) {
  const digest = createHash('sha256')
  let sizeBytes = 0
  return {
    async *through(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        sizeBytes += chunk.byteLength
        if (sizeBytes > maxBytes) {
          throw new TerminalError(`Cannot archive the model: it has more than ${maxBytes} bytes`)
        }
        digest.update(chunk)
        yield chunk
      }
    },
    total: () => ({ sizeBytes, sha256: digest.digest('hex') }),
  }
}
