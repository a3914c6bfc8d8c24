import { createHash } from 'node:crypto'
import type { Experiment, PredictiveExperiment, TrainingExperiment } from '../experiment.ts'

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
  return { [definition.experiment.outputPort]: 'dataset' }
}

/** The global parameters that a service takes; one without a default is required. */
export function globalParameters(
  definition: Definition,
): NonNullable<TrainingExperiment['globalParameters']> {
  return definition.kind === 'training' ? (definition.experiment.globalParameters ?? {}) : {}
}

/** Names of the updatable resources: the trained model of a predictive service. */
export function resourceNames(definition: Definition): string[] {
  return definition.kind === 'predictive' ? [definition.experiment.trainedModel.resourceName] : []
}
