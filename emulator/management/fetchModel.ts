import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Definition } from '../definitions/definition.ts'
import type { Emulator } from '../emulator.ts'
import { type Model, ModelFileError } from '../engine/index.ts'
import { serviceError } from '../http/serviceError.ts'
import type { Endpoint } from '../state/records.ts'
import { type BlobReference, shownReference } from '../storage/blobReference.ts'
import { BlobUnavailable } from '../storage/blobs.ts'

/**
 * Copies a model into the emulator's own storage and checks it: the blob may be anything. Answers its id; throws
 * BlobNotFound when it can't be read, InvalidBlob when it is no model, UserParameterInvalid when it is for other columns.
 */
export async function fetchModel(
  emulator: Emulator,
  endpoint: Endpoint,
  location: BlobReference,
): Promise<string> {
  const bytes = await download(emulator, location)
  checkFits(await decode(emulator, bytes, location), emulator.store.definition(endpoint.definition), location)
  return emulator.models.keep(bytes)
}

async function download(emulator: Emulator, location: BlobReference): Promise<Buffer> {
  const file = join(emulator.temporaryFolder, `${randomUUID()}.ilearner`)
  try {
    await emulator.blobs.download(location, file, { maxBytes: emulator.settings.maxModelBytes })
    return await readFile(file)
  } catch (error) {
    if (!(error instanceof BlobUnavailable)) throw error
    throw serviceError('BadArgument', 'BlobNotFound', error.message, shownReference(location))
  } finally {
    await rm(file, { force: true })
  }
}

async function decode({ reader }: Emulator, bytes: Buffer, location: BlobReference): Promise<Model> {
  try {
    return await reader.read(bytes)
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error
    const blob = shownReference(location)
    const message = `Invalid blob specification for blob: ${blob}. It is not a trained model: ${error.message}.`
    throw serviceError('BadArgument', 'InvalidBlob', message, blob)
  }
}

function checkFits(model: Model, definition: Definition | undefined, location: BlobReference): void {
  if (definition?.kind !== 'predictive') return
  const wanted = describeColumns(definition.training.columns.map((column) => [column.name, column.type]))
  const given = describeColumns(model.inputs.map((input) => [input.name, input.kind]))
  if (wanted === given && model.label.column === definition.training.label.column) return
  const message = `The model does not fit the web service: it predicts ${model.label.column} from ${given}, the service ${definition.training.label.column} from ${wanted}.`
  throw serviceError('BadArgument', 'UserParameterInvalid', message, shownReference(location))
}

function describeColumns(columns: [name: string, type: string][]): string {
  return columns
    .map(([name, type]) => `${name} (${type})`)
    .sort()
    .join(', ')
}
