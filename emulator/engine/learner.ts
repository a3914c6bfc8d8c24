import type { LearnerSpec } from '../experiment.ts'
import { TrainingDataError } from './errors.ts'

/** Parameters of the Two-Class Boosted Decision Tree module, all given. */
export type TreeParameters = {
  numberOfTrees: number
  numberOfLeaves: number
  minimumLeafInstances: number
  learningRate: number
}

/** Parameters of the Two-Class Logistic Regression module, all given. */
export type LogisticParameters = {
  l1Weight: number
  l2Weight: number
  memorySize: number
  optimizationTolerance: number
}

/** A learner with every parameter given. */
export type Learner =
  | { kind: 'twoClassBoostedDecisionTree'; parameters: TreeParameters }
  | { kind: 'twoClassLogisticRegression'; parameters: LogisticParameters }

type Limits = Record<string, readonly [least: number, most: number, kind: 'whole' | 'real']>

const treeLimits: Limits = {
  numberOfTrees: [1, 10_000, 'whole'],
  numberOfLeaves: [2, 4_096, 'whole'],
  minimumLeafInstances: [1, 1_000_000_000, 'whole'],
  learningRate: [1e-6, 1, 'real'],
}
const logisticLimits: Limits = {
  l1Weight: [0, 1e9, 'real'],
  l2Weight: [0, 1e9, 'real'],
  memorySize: [1, 1_000, 'whole'],
  optimizationTolerance: [1e-15, 1, 'real'],
}

/**
 * Fills in the modules' defaults and checks the limits; throws TrainingDataError that names the parameter.
 * Source: module reference, Two-Class Boosted Decision Tree and Two-Class Logistic Regression.
 */
export function resolveLearner(spec: LearnerSpec): Learner {
  if (spec.kind === 'twoClassBoostedDecisionTree') {
    const parameters = {
      numberOfTrees: spec.numberOfTrees ?? 100,
      numberOfLeaves: spec.numberOfLeaves ?? 20,
      minimumLeafInstances: spec.minimumLeafInstances ?? 10,
      learningRate: spec.learningRate ?? 0.2,
    }
    checkLimits(parameters, treeLimits)
    return { kind: spec.kind, parameters }
  }
  const parameters = {
    l1Weight: spec.l1Weight ?? 1,
    l2Weight: spec.l2Weight ?? 1,
    memorySize: spec.memorySize ?? 20,
    optimizationTolerance: spec.optimizationTolerance ?? 1e-7,
  }
  checkLimits(parameters, logisticLimits)
  return { kind: spec.kind, parameters }
}

function checkLimits(parameters: Record<string, number>, limits: Limits): void {
  for (const [name, [least, most, kind]] of Object.entries(limits)) {
    const value = parameters[name] ?? Number.NaN
    const isNumber = kind === 'real' ? Number.isFinite(value) : Number.isInteger(value)
    const right = isNumber && value >= least && value <= most
    if (!right) {
      throw new TrainingDataError(
        `Cannot train: ${name} must be a ${kind} number from ${least} to ${most}, not ${value}`,
      )
    }
  }
}
