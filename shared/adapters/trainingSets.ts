import { z } from 'zod'
import type { BlobStore } from '../lib/blobStore.ts'
import { withInstantsAsNumbers, withInstantsAsText } from '../lib/instants.ts'
import type { Drop } from '../retraining/drop.ts'
import { TerminalError } from '../retraining/errors.ts'
import type { ExportRunPorts } from '../retraining/exportRun.ts'
import type { CopyOutcome, Manifest } from '../retraining/generation.ts'
import { type ModelKey, modelPath, paddedGeneration } from '../retraining/names.ts'
import type { TrainingSets } from '../retraining/stores.ts'
import { createMeasured, measureBlob } from './measuredBlob.ts'
import { assertOwnBlob } from './ownBlob.ts'
import { refuseNewer } from './rowCodec.ts'

const manifestDrop = z.object({
  id: z.string(),
  name: z.string(),
  etag: z.string(),
  sizeBytes: z.number(),
  md5: z.string().optional(),
  sha256: z.string().optional(),
  lastModifiedAtMs: z.number(),
  acceptedAtMs: z.number(),
  use: z.enum(['trained', 'spare', 'overwritten', 'refused']),
  reason: z.string().optional(),
  copy: z.string().optional(),
})

const part = z.object({ id: z.string(), generation: z.number(), copy: z.string(), sizeBytes: z.number() })

const manifest: z.ZodType<Manifest> = z.object({
  v: z.literal(1),
  customerId: z.string(),
  model: z.string(),
  generation: z.number(),
  openedAtMs: z.number(),
  drops: z.array(manifestDrop),
  earlier: z.array(part),
  leftOut: z.array(part).optional(),
  input: z.object({ name: z.string(), sizeBytes: z.number() }).optional(),
})

const mostManifestBytes = 64 * 1024 * 1024

/** What the containers and ids are; drops larger than `maxBytes` are refused. */
export type TrainingSetsOptions = {
  trainingData: BlobStore
  trainingSets: BlobStore
  newId(): string
  maxBytes: number
}

/** Immutable inputs and manifests in `training-sets`, copied from `training-data` as streams. */
export function createTrainingSets(
  options: TrainingSetsOptions,
): TrainingSets & Pick<ExportRunPorts, 'readInputText'> {
  const { trainingSets } = options
  return {
    copyDrop: (key, drop) => copyDrop(options, key, drop),
    async writeManifest(value) {
      const name = `${modelPath(value)}/manifests/${paddedGeneration(value.generation)}-${options.newId()}.json`
      const text = JSON.stringify(withInstantsAsText(value))
      await trainingSets.createOnly(name, new TextEncoder().encode(text), 'application/json')
      return name
    },
    async readManifest(key, name) {
      assertOwnBlob(key, name)
      const bytes = await trainingSets.read(name, mostManifestBytes)
      if (bytes === undefined) throw new TerminalError(`Cannot read the manifest ${name}: it is missing`)
      const read: { v?: unknown } = JSON.parse(new TextDecoder().decode(bytes))
      refuseNewer(`the manifest ${name}`, read.v)
      return manifest.parse(withInstantsAsNumbers(read))
    },
    async readInputText(key, name, maxBytes) {
      assertOwnBlob(key, name)
      const facts = await trainingSets.facts(name)
      if (facts === undefined || facts.sizeBytes > maxBytes) return undefined
      const bytes = await trainingSets.read(name, maxBytes)
      return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    },
    signInput(key, name, startsAtMs, expiresAtMs) {
      assertOwnBlob(key, name)
      return trainingSets.readOnlyReference(name, startsAtMs, expiresAtMs)
    },
  }
}

/** The copy's name holds the drop's id, name and ETag hashed: a copy that is there already is the same one. */
async function copyDrop(options: TrainingSetsOptions, key: ModelKey, drop: Drop): Promise<CopyOutcome> {
  assertOwnBlob(key, drop.name)
  if (drop.sizeBytes > options.maxBytes) {
    return {
      kind: 'refused',
      reason: `it has ${drop.sizeBytes} bytes, at most ${options.maxBytes} are taken`,
    }
  }
  const copy = `${modelPath(key)}/drops/${drop.id}.csv`
  const target = { blobs: options.trainingSets, name: copy, type: 'text/csv', maxBytes: options.maxBytes }
  const source = await options.trainingData.stream(drop.name, drop.etag)
  if (source.kind !== 'found') {
    const wasCopied = (await options.trainingSets.facts(copy)) !== undefined
    return wasCopied
      ? { kind: 'copied', copy, sha256: (await measureBlob(target)).sha256 }
      : { kind: 'overwritten' }
  }
  const { sha256 } = await createMeasured(target, async () => source.content)
  return { kind: 'copied', copy, sha256 }
}
