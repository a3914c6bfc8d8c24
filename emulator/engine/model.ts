import type { FeatureHashing } from '../experiment.ts'
import type { Evaluation } from './evaluation/evaluate.ts'
import type { Learner } from './learner.ts'

/** One input column of a model. `levels` are a categorical column's known values; a missing cell is the level ''. */
export type ModelInput =
  | { kind: 'numeric'; name: string }
  | { kind: 'categorical'; name: string; levels: readonly string[] }
  | { kind: 'text'; name: string; hashing: FeatureHashing }

/** The label's two values. `order` in the file is negative first. */
export type ModelLabel = { column: string; negative: string; positive: string }

/** A node's test: 0 leaf, 1 `value <= threshold`, 2 `level code == threshold`. */
export const nodeModes = { leaf: 0, lessOrEqual: 1, equal: 2 } as const

/**
 * Boosted trees, flattened: node i of all trees, each tree in preorder from its root, so that children come after
 * their parent. `value` is the threshold, or the leaf's addition to the log-odds. All numbers are float32 exact.
 */
export type TreeEnsemble = {
  kind: 'trees'
  base: number
  roots: Int32Array
  mode: Uint8Array
  /** Feature index: inputs in order, a text input takes 2^bits of them. */
  feature: Int32Array
  value: Float32Array
  yes: Int32Array
  no: Int32Array
  /** 1 where a missing number goes to `yes`. */
  missingYes: Uint8Array
}

/**
 * Logistic regression: log-odds = bias + sum over inputs. Per input: numeric `weights[0] * (x - mean) * scale`
 * (missing counts as the mean), categorical `weights[level]`, text `sum of weights[slot] * count`.
 */
export type LogisticWeights = {
  kind: 'logistic'
  bias: number
  inputs: { mean: number; scale: number; weights: Float32Array }[]
}

/** A trained model: all that an `.ilearner` file holds. */
export type Model = {
  learner: Learner
  inputs: ModelInput[]
  label: ModelLabel
  /** Rows that it was trained on. */
  rows: number
  /** Measured on held-out rows; undefined where none could be held out. */
  evaluation: Evaluation | undefined
  fit: TreeEnsemble | LogisticWeights
}

/** How many feature indexes an input takes. */
export function featureWidth(input: ModelInput): number {
  return input.kind === 'text' ? 2 ** input.hashing.bits : 1
}
