import { ModelFileError } from '../errors.ts'
import { featureWidth, type LogisticWeights, type ModelInput } from '../model.ts'
import type { ReadGraph } from './graphReader.ts'

/** Reads the regression's constants and the levels' weights; every list must have its length. Throws ModelFileError. */
export function decodeLogistic(graph: ReadGraph, inputs: ModelInput[]): LogisticWeights {
  const numeric = inputs.filter((input) => input.kind === 'numeric').length
  const means = constant(graph, 'means', numeric)
  const scales = constant(graph, 'scales', numeric)
  const others = inputs.filter((input) => input.kind !== 'numeric')
  const width = numeric + others.reduce((sum, input) => sum + featureWidth(input), 0)
  const weights = constant(graph, 'weights', width)
  let number = 0
  let next = numeric
  const parts = inputs.map((input, i) => {
    if (input.kind === 'numeric') {
      const at = number++
      return { mean: means[at] as number, scale: scales[at] as number, weights: weights.slice(at, at + 1) }
    }
    const from = next
    next += featureWidth(input)
    const own =
      input.kind === 'text' ? weights.slice(from, next) : levelWeights(graph, i, input.levels.length)
    return { mean: 0, scale: 1, weights: own }
  })
  return { kind: 'logistic', bias: constant(graph, 'bias', 1)[0] as number, inputs: parts }
}

function constant(graph: ReadGraph, name: string, length: number): Float32Array {
  const values = graph.constants.get(`mlclassic/${name}`) ?? new Float32Array(0)
  return sized(values, length, name)
}

function levelWeights(graph: ReadGraph, index: number, levels: number): Float32Array {
  const node = graph.nodes.get(`mlclassic/levels/${index}`)
  return sized(node?.attributes.get('values_floats')?.floats ?? new Float32Array(0), levels, `input ${index}`)
}

function sized(values: Float32Array, length: number, name: string): Float32Array {
  if (values.length === length) return values
  throw new ModelFileError(
    `Cannot read the model file: ${name} has ${values.length} weights in place of ${length}`,
  )
}
