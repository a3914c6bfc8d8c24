import { ModelFileError } from '../errors.ts'
import type { Model } from '../model.ts'
import { decodeLogistic } from './decodeLogistic.ts'
import { decodeMetadata } from './decodeMetadata.ts'
import { decodeTrees } from './decodeTrees.ts'
import { metadataKey } from './encodeModel.ts'
import { readModelProto } from './graphReader.ts'
import { openSeal } from './seal.ts'

/** Most bytes of a model file that are read unless the caller says otherwise. */
export const defaultMaxModelBytes = 64 * 1024 * 1024

/**
 * Reads an `.ilearner` file of `encodeModel`. The file is not trusted: size, checksum, version, every index, and
 * that trees have no cycle are checked. Throws ModelFileError that says what is wrong.
 */
export function decodeModel(file: Uint8Array, options: { maxBytes?: number } = {}): Model {
  const maxBytes = options.maxBytes ?? defaultMaxModelBytes
  if (file.length > maxBytes) {
    throw new ModelFileError(
      `Cannot read the model file: its ${file.length} bytes are more than the ${maxBytes} that are read`,
    )
  }
  const graph = readModelProto(openSeal(file))
  const json = graph.metadata.get(metadataKey)
  if (json === undefined)
    throw new ModelFileError(`Cannot read the model file: it has no metadata "${metadataKey}"`)
  const described = decodeMetadata(json)
  const fit =
    described.learner.kind === 'twoClassBoostedDecisionTree'
      ? decodeTrees(graph, described.inputs)
      : decodeLogistic(graph, described.inputs)
  return { ...described, fit }
}
