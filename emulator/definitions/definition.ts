import { createHash } from 'node:crypto'
import type {
  Experiment,
  GlobalParameters,
  PredictiveExperiment,
  TrainingExperiment,
  Transformation,
  TransformColumn,
  TransformExperiment,
} from '../experiment.ts'

/** What a web service does: an experiment, and for a predictive one the training experiment that it scores for. */
export type Definition =
  | { kind: 'training'; experiment: TrainingExperiment }
  | { kind: 'predictive'; experiment: PredictiveExperiment; training: TrainingExperiment }
  | { kind: 'transform'; experiment: Extract<Experiment, { kind: 'transform' }> }

/** The definition's id: equal definitions have equal hashes. */
export function hashDefinition(definition: Definition): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 32)
}

/** Files that an output port writes: `model` is an `.ilearner`, `dataset` a CSV. */
export type OutputKind = 'model' | 'dataset'

/** Every output port and what it writes. */
export function outputPorts(definition: Definition): Record<string, OutputKind> {
  if (definition.kind === 'training') {
    const { model, evaluation } = definition.experiment.outputs
    return { [model]: 'model', [evaluation]: 'dataset' }
  }
  if (definition.kind === 'predictive') return { [definition.experiment.outputPort]: 'dataset' }
  const ports = transformSteps(definition.experiment).map((step) => [step.port, 'dataset'] as const)
  return Object.fromEntries(ports)
}

/** Every input port, the first one first. */
export function inputPorts({ kind, experiment }: Definition): string[] {
  const further = kind === 'transform' ? (experiment.furtherInputs ?? []) : []
  return [experiment.inputPort, ...further.map((input) => input.port)]
}

/** What one output port of a transform gives: a selection of an input port's columns. */
export type TransformStep = Transformation & { port: string; from: string; columns: TransformColumn[] }

/** A transform's outputs in order. */
export function transformSteps(experiment: TransformExperiment): TransformStep[] {
  const { inputPort, outputPort, columns, furtherInputs = [], furtherOutputs = [] } = experiment
  const { select, featureHashing } = experiment
  const hashing = featureHashing === undefined ? {} : { featureHashing }
  return [
    { port: outputPort, from: inputPort, columns, select, ...hashing },
    ...furtherOutputs.map((output) => {
      const from = output.from ?? inputPort
      return { ...output, from, columns: furtherInputs.find(({ port }) => port === from)?.columns ?? columns }
    }),
  ]
}

/** The global parameters that a service takes; one without a default is required. */
export function globalParameters({ experiment }: Definition): GlobalParameters {
  return experiment.globalParameters ?? {}
}

/** Values of the global parameters: the given ones, else the defaults. */
export function parameterValues(
  definition: Definition,
  given: Readonly<Record<string, string | number>>,
): Record<string, string | number> {
  const defaults = Object.entries(globalParameters(definition)).flatMap(([name, parameter]) =>
    parameter.default === undefined ? [] : [[name, parameter.default] as const],
  )
  return { ...Object.fromEntries(defaults), ...given }
}

/** Names of the updatable resources: the trained model of a predictive service. */
export function resourceNames(definition: Definition): string[] {
  return definition.kind === 'predictive' ? [definition.experiment.trainedModel.resourceName] : []
}
