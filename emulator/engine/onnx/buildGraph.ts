import { featureWidth, type LogisticWeights, type Model, type ModelInput, type ModelLabel } from '../model.ts'
import { scoredColumns } from '../scoring/scoreCsv.ts'
import type { Graph, GraphNode, Initializer } from './graphWriter.ts'
import { treesNode } from './treesNode.ts'

const [labelsName, probabilitiesName] = scoredColumns

const innerPrefix = 'mlclassic/'
const inner = (name: string) => `${innerPrefix}${name}`

/** Whether a column can't have this name, because the graph's own values and outputs have it. */
export function isReservedName(name: string): boolean {
  return name.startsWith(innerPrefix) || (scoredColumns as readonly string[]).includes(name)
}

type Part = { nodes: GraphNode[]; initializers: Initializer[] }

/** The model as a standard ONNX graph: one input a column, outputs `Scored Labels` and `Scored Probabilities`. */
export function buildGraph(model: Model): Graph {
  const { fit, inputs } = model
  const margin = fit.kind === 'trees' ? treesPart(model) : logisticPart(fit, inputs)
  const labels = labelPart(model.label)
  return {
    nodes: [...margin.nodes, ...labels.nodes],
    initializers: [...margin.initializers, ...labels.initializers],
    inputs: inputs.map((input) => ({
      name: input.name,
      type: input.kind === 'categorical' ? 'string' : 'float',
      width: featureWidth(input),
    })),
    outputs: [
      { name: labelsName, type: 'string', width: 1 },
      { name: probabilitiesName, type: 'float', width: 1 },
    ],
  }
}

function treesPart(model: Model): Part {
  const encoders = model.inputs.flatMap((input, i) =>
    input.kind === 'categorical' ? [levelsNode(input, i, [...input.levels.keys()], -1)] : [],
  )
  const columns = model.inputs.map((input, i) =>
    input.kind === 'categorical' ? inner(`levels/${i}`) : input.name,
  )
  const trees = model.fit.kind === 'trees' ? [treesNode(model.fit, inner('features'), inner('margin'))] : []
  return { nodes: [...encoders, concat('features', columns), ...trees], initializers: [] }
}

/** A level column as numbers: the code, or in a regression the level's own weight. */
function levelsNode(
  input: ModelInput & { kind: 'categorical' },
  index: number,
  values: ArrayLike<number>,
  unknown: number,
): GraphNode {
  return {
    name: inner(`levels/${index}`),
    operator: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [input.name],
    outputs: [inner(`levels/${index}`)],
    attributes: {
      keys_strings: { type: 'texts', value: input.levels },
      values_floats: { type: 'floats', value: values },
      default_float: { type: 'float', value: unknown },
    },
  }
}

const concat = (name: string, inputs: string[]): GraphNode => ({
  name: inner(name),
  operator: 'Concat',
  inputs,
  outputs: [inner(name)],
  attributes: { axis: { type: 'integer', value: 1 } },
})

const plain = (name: string, operator: string, inputs: string[]): GraphNode => ({
  name: inner(name),
  operator,
  inputs: inputs.map(inner),
  outputs: [inner(name)],
})

/** Numbers are scaled (a missing one becomes 0), levels become their weights, all is multiplied and added up. */
function logisticPart(fit: LogisticWeights, inputs: ModelInput[]): Part {
  const numeric = fit.inputs.filter((_, i) => inputs[i]?.kind === 'numeric')
  const weights: number[] = numeric.flatMap((part) => [...part.weights])
  const columns = numeric.length > 0 ? [inner('scaled')] : []
  const encoders: GraphNode[] = []
  inputs.forEach((input, i) => {
    const own = fit.inputs[i]?.weights ?? []
    if (input.kind === 'numeric') return
    if (input.kind === 'categorical') encoders.push(levelsNode(input, i, own, 0))
    columns.push(input.kind === 'categorical' ? inner(`levels/${i}`) : input.name)
    for (const weight of input.kind === 'categorical' ? [1] : own) weights.push(weight)
  })
  const names = inputs.flatMap((input) => (input.kind === 'numeric' ? [input.name] : []))
  return {
    nodes: [
      ...(numeric.length > 0 ? scalingNodes(names) : []),
      ...encoders,
      concat('features', columns),
      plain('products', 'MatMul', ['features', 'weights']),
      plain('margin', 'Add', ['products', 'bias']),
    ],
    initializers: [
      ...(numeric.length > 0 ? scalingConstants(numeric) : []),
      { name: inner('weights'), dimensions: [weights.length, 1], values: weights },
      { name: inner('bias'), dimensions: [1], values: [fit.bias] },
    ],
  }
}

function scalingNodes(names: string[]): GraphNode[] {
  return [
    concat('numbers', names),
    plain('centred', 'Sub', ['numbers', 'means']),
    plain('unfilled', 'Mul', ['centred', 'scales']),
    plain('missing', 'IsNaN', ['unfilled']),
    plain('scaled', 'Where', ['missing', 'zero', 'unfilled']),
  ]
}

function scalingConstants(numeric: LogisticWeights['inputs']): Initializer[] {
  const dimensions = [numeric.length]
  return [
    { name: inner('means'), dimensions, values: numeric.map((part) => part.mean) },
    { name: inner('scales'), dimensions, values: numeric.map((part) => part.scale) },
    { name: inner('zero'), dimensions: [1], values: [0] },
  ]
}

function labelPart(label: ModelLabel): Part {
  const probability = { ...plain('probability', 'Sigmoid', ['margin']), outputs: [probabilitiesName] }
  const positive = { ...plain('positive', 'Greater', []), inputs: [probabilitiesName, inner('half')] }
  const number: GraphNode = {
    ...plain('number', 'Cast', ['positive']),
    attributes: { to: { type: 'integer', value: 7 } },
  }
  const name: GraphNode = {
    name: inner('label'),
    operator: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [inner('number')],
    outputs: [labelsName],
    attributes: {
      keys_int64s: { type: 'integers', value: [0, 1] },
      values_strings: { type: 'texts', value: [label.negative, label.positive] },
      default_string: { type: 'text', value: label.negative },
    },
  }
  const half = { name: inner('half'), dimensions: [1], values: [0.5] }
  return { nodes: [probability, positive, number, name], initializers: [half] }
}
