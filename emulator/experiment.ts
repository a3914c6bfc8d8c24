/**
 * An experiment file (`emulator/experiments/*.json`): what a web service is made of, without code. The file's name
 * without `.json` is the experiment's key.
 */
export type Experiment = TrainingExperiment | PredictiveExperiment | TransformExperiment

/** One input column by header name. `text` is split into hashed columns (Feature Hashing) before a learner sees it. */
export type ColumnSpec =
  | { name: string; type: 'numeric' | 'categorical' }
  | { name: string; type: 'text'; hashing: FeatureHashing }

/** Feature Hashing's two parameters: 2^bits columns, n-grams of length 1 to `ngrams`. */
export type FeatureHashing = { bits: number; ngrams: number }

/** A learner with the parameters of the module of that name; absent ones have the module's defaults. */
export type LearnerSpec =
  | {
      kind: 'twoClassBoostedDecisionTree'
      /** Defaults: 100 trees, 20 leaves, 10 rows a leaf, rate 0.2. */
      numberOfTrees?: number
      numberOfLeaves?: number
      minimumLeafInstances?: number
      learningRate?: number
    }
  | {
      kind: 'twoClassLogisticRegression'
      /** Defaults: l1 1, l2 1, memory 20, tolerance 1e-7. l1 = 0 is L-BFGS, l1 > 0 is OWL-QN. */
      l1Weight?: number
      l2Weight?: number
      memorySize?: number
      optimizationTolerance?: number
    }

/** CSV in, trained model and evaluation out: BES only. */
export type TrainingExperiment = {
  kind: 'training'
  /** The web service's name, e.g. `Bird Strikes`. */
  name: string
  description?: string
  inputPort: string
  columns: ColumnSpec[]
  label: {
    column: string /** The value that counts as positive; default: the greater of the two. */
    positive?: string
  }
  learner: LearnerSpec
  /** Share of the rows, stratified by label, that the evaluation is measured on by a model trained on the rest; the delivered model is trained on all rows. */
  evaluationShare?: number
  outputs: { model: string; evaluation: string }
  /** Global parameters by name; one without a default is required. */
  globalParameters?: Record<string, { default?: string | number }>
}

/** Rows in, the same rows with `Scored Labels` and `Scored Probabilities` out: RRS, and BES as batch scoring. */
export type PredictiveExperiment = {
  kind: 'predictive'
  /** Ends in ` [predictive exp.]`. */
  name: string
  description?: string
  /** Key of the training experiment, for its columns and label. */
  training: string
  inputPort: string
  outputPort: string
  /** The updatable resource and the CSV (path relative to the experiment file, or looked up in `--data`) that the deployed model is trained on. */
  trainedModel: { resourceName: string; trainedOn: string }
}

/** Rows in, transformed rows out, no model: the feature-hashing sample of the API Management guide. */
export type TransformExperiment = {
  kind: 'transform'
  name: string
  description?: string
  inputPort: string
  outputPort: string
  /** Columns of the input; those not named in `select` are dropped. */
  columns: { name: string; type: 'numeric' | 'categorical' | 'text' }[]
  select: string[]
  featureHashing?: { column: string } & FeatureHashing
}
