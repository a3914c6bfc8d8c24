import { z } from 'zod'
import type { Experiment } from '../experiment.ts'

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
  globalParameters: z.record(z.string().min(1), parameter).exactOptional(),
})

const predictive = z.strictObject({
  kind: z.literal('predictive'),
  name: name.endsWith(' [predictive exp.]'),
  description: z.string().exactOptional(),
  training: name,
  inputPort: port,
  outputPort: port,
  trainedModel: z.strictObject({ resourceName: name, trainedOn: name }),
})

const transform = z.strictObject({
  kind: z.literal('transform'),
  name,
  description: z.string().exactOptional(),
  inputPort: port,
  outputPort: port,
  columns: z.array(z.strictObject({ name, type: z.enum(['numeric', 'categorical', 'text']) })).min(1),
  select: z.array(name).min(1),
  featureHashing: z.strictObject({ column: name, bits: whole(1, 16), ngrams: whole(0, 10) }).exactOptional(),
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

/** What the shape alone does not forbid: names used twice, or named and not there. */
function contradictions(experiment: Experiment): string[] {
  if (experiment.kind === 'predictive') return []
  const names = experiment.columns.map((column) => column.name)
  const problems = names
    .filter((name, at) => names.indexOf(name) !== at)
    .map((name) => `columns: "${name}" is there twice`)
  const known = (path: string, name: string) => {
    if (!names.includes(name)) problems.push(`${path}: "${name}" is not among the columns`)
  }
  if (experiment.kind === 'training') {
    if (names.includes(experiment.label.column))
      problems.push(`label.column: "${experiment.label.column}" is also an input column`)
    if (experiment.outputs.model === experiment.outputs.evaluation)
      problems.push('outputs: model and evaluation need a port each')
  } else {
    for (const [at, name] of experiment.select.entries()) known(`select[${at}]`, name)
    if (
      experiment.featureHashing !== undefined &&
      !experiment.select.includes(experiment.featureHashing.column)
    )
      problems.push(`featureHashing.column: "${experiment.featureHashing.column}" is not selected`)
  }
  return problems
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text === '' ? '(file)' : text.replace(/^\./, '')
}
