import type { LearnerSpec } from '../../experiment.ts'
import { ModelFileError, shorten, TrainingDataError } from '../errors.ts'
import type { Evaluation } from '../evaluation/evaluate.ts'
import { checkHashing } from '../hashing/featureHash.ts'
import { type Learner, resolveLearner } from '../learner.ts'
import { featureWidth, type Model, type ModelInput } from '../model.ts'
import { formatVersion } from './encodeModel.ts'

const mostFeatures = 4_000_000

type Fields = Record<string, unknown>

const evaluationKeys = [
  'auc',
  'accuracy',
  'precision',
  'recall',
  'f1Score',
  'logLoss',
  'trainingLogLoss',
  'truePositives',
  'falseNegatives',
  'falsePositives',
  'trueNegatives',
] as const satisfies (keyof Evaluation)[]

/** Reads and checks our metadata: all of a model but what the graph holds. Throws ModelFileError. */
export function decodeMetadata(json: string): Omit<Model, 'fit'> {
  const metadata = fields(parse(json), 'the metadata')
  if (metadata.formatVersion !== formatVersion) {
    throw refuse(
      `its format version is ${shown(metadata.formatVersion)}, this emulator reads ${formatVersion}`,
    )
  }
  const label = fields(metadata.label, 'the label')
  const [negative, positive] = list(label.order, 'the label order')
  const { rows } = metadata
  if (typeof rows !== 'number' || !Number.isSafeInteger(rows) || rows < 0) throw refuse('rows is not a count')
  return {
    learner: decodeLearner(metadata),
    inputs: decodeInputs(list(metadata.inputs, 'inputs')),
    label: {
      column: text(label.column, 'the label column'),
      negative: text(negative, 'a label'),
      positive: text(positive, 'a label'),
    },
    rows,
    evaluation: decodeEvaluation(metadata.metrics),
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new ModelFileError('Cannot read the model file: the metadata is not JSON', { cause })
  }
}

function decodeLearner({ algorithm, parameters }: Fields): Learner {
  if (algorithm !== 'twoClassBoostedDecisionTree' && algorithm !== 'twoClassLogisticRegression') {
    throw refuse(`the algorithm ${shown(algorithm)} is not known`)
  }
  const numbers = Object.entries(fields(parameters, 'parameters')).map(([name, value]) => [
    name,
    number(value, name),
  ])
  const spec = { ...Object.fromEntries(numbers), kind: algorithm } as LearnerSpec
  return orRefuse(() => resolveLearner(spec))
}

function decodeInputs(items: unknown[]): ModelInput[] {
  const inputs = items.map(decodeInput)
  const width = inputs.reduce((sum, input) => sum + featureWidth(input), 0)
  if (width > mostFeatures) throw refuse(`it has ${width} features, more than ${mostFeatures}`)
  return inputs
}

function decodeInput(item: unknown): ModelInput {
  const input = fields(item, 'an input')
  const name = text(input.name, 'an input name')
  if (input.kind === 'numeric') return { kind: 'numeric', name }
  if (input.kind === 'categorical') {
    return {
      kind: 'categorical',
      name,
      levels: list(input.levels, 'levels').map((level) => text(level, 'a level')),
    }
  }
  if (input.kind !== 'text') throw refuse(`the input "${shorten(name)}" is of no known kind`)
  const hashing = fields(input.hashing, 'hashing')
  const [bits, ngrams] = [number(hashing.bits, 'the bitsize'), number(hashing.ngrams, 'N-grams')]
  orRefuse(() => checkHashing({ bits, ngrams }))
  return { kind: 'text', name, hashing: { bits, ngrams } }
}

function decodeEvaluation(metrics: unknown): Evaluation | undefined {
  if (metrics === null) return undefined
  const values = fields(metrics, 'metrics')
  const entries = evaluationKeys.map((key) => {
    const value = values[key]
    if (value !== null && typeof value !== 'number') throw refuse(`the metric ${key} is not a number`)
    return [key, value ?? Number.NaN] as const
  })
  return Object.fromEntries(entries) as Evaluation
}

function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(`${what} is not an object`)
  return value as Fields
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw refuse(`${what} is not a list`)
  return value
}

function number(value: unknown, what: string): number {
  if (typeof value !== 'number') throw refuse(`${shorten(what)} is not a number`)
  return value
}

/** A value of the file in an error; never by its own toString. */
function shown(value: unknown): string {
  return shorten(JSON.stringify(value) ?? 'absent')
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw refuse(`${what} is not a text`)
  return value
}

function orRefuse<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof TrainingDataError) throw refuse(error.message.replace(/^Cannot .*?: /, ''))
    throw error
  }
}

function refuse(reason: string): ModelFileError {
  return new ModelFileError(`Cannot read the model file: ${reason}`)
}
