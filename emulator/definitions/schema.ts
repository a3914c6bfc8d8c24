import { z } from 'zod'
import type { Experiment } from '../experiment.ts'
import { contradictions } from './contradictions.ts'

const name = z.string().min(1)
const port = z.string().min(1).max(64)
const whole = (least: number, most: number) => z.int().min(least).max(most)

const hashing = z.strictObject({ bits: whole(1, 16), ngrams: whole(0, 10) })

const column = z.discriminatedUnion('type', [
  z.strictObject({ name, type: z.literal('numeric') }),
  z.strictObject({ name, type: z.literal('categorical') }),
  z.strictObject({ name, type: z.literal('text'), hashing }),
])

const learner = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('twoClassBoostedDecisionTree'),
    numberOfTrees: whole(1, 10_000).exactOptional(),
    numberOfLeaves: whole(2, 4_096).exactOptional(),
    minimumLeafInstances: whole(1, 1_000_000).exactOptional(),
    learningRate: z.number().positive().max(1).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('twoClassLogisticRegression'),
    l1Weight: z.number().min(0).exactOptional(),
    l2Weight: z.number().min(0).exactOptional(),
    memorySize: whole(1, 1_000).exactOptional(),
    optimizationTolerance: z.number().positive().max(1).exactOptional(),
  }),
])

const parameter = z.strictObject({ default: z.union([z.string(), z.number()]).exactOptional() })
const globalParameters = z.record(z.string().min(1), parameter).exactOptional()
const predictiveName = name.endsWith(' [predictive exp.]')

const predictiveSection = z.strictObject({
  name: predictiveName.exactOptional(),
  description: z.string().exactOptional(),
  inputPort: port.exactOptional(),
  outputPort: port.exactOptional(),
  resourceName: name.exactOptional(),
  trainedOn: name,
  globalParameters,
})

const training = z.strictObject({
  kind: z.literal('training'),
  name,
  description: z.string().exactOptional(),
  inputPort: port,
  columns: z.array(column).min(1),
  label: z.strictObject({ column: name, positive: z.string().exactOptional() }),
  learner,
  evaluationShare: z.number().min(0).max(0.9).exactOptional(),
  outputs: z.strictObject({ model: port, evaluation: port }),
  globalParameters,
  predictive: predictiveSection.exactOptional(),
})

const predictive = z.strictObject({
  kind: z.literal('predictive'),
  name: predictiveName,
  description: z.string().exactOptional(),
  training: name,
  inputPort: port,
  outputPort: port,
  trainedModel: z.strictObject({ resourceName: name, trainedOn: name }),
  globalParameters,
})

const transformColumns = z
  .array(z.strictObject({ name, type: z.enum(['numeric', 'categorical', 'text']) }))
  .min(1)
const transformation = {
  select: z.array(name).min(1),
  featureHashing: hashing.extend({ column: name }).exactOptional(),
}

const transform = z.strictObject({
  kind: z.literal('transform'),
  name,
  description: z.string().exactOptional(),
  inputPort: port,
  outputPort: port,
  columns: transformColumns,
  ...transformation,
  furtherInputs: z.array(z.strictObject({ port, columns: transformColumns })).exactOptional(),
  furtherOutputs: z
    .array(z.strictObject({ port, from: port.exactOptional(), ...transformation }))
    .exactOptional(),
  globalParameters,
})

const experiment = z.discriminatedUnion('kind', [training, predictive, transform])

/** The experiment, or everything that is wrong with it, each problem with its path in the file. */
export function decodeExperiment(json: unknown): { experiment: Experiment } | { problems: string[] } {
  const parsed = experiment.safeParse(json)
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`) }
  }
  const problems = contradictions(parsed.data)
  return problems.length > 0 ? { problems } : { experiment: parsed.data }
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text === '' ? '(file)' : text.replace(/^\./, '')
}
