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
  globalParameters?: GlobalParameters
  /** The web service that scores with its models, published beside it under the key `{key}-predictive`. */
  predictive?: PredictiveSection
}

/** Global parameters by name; one without a default is required. */
export type GlobalParameters = Record<string, { default?: string | number }>

/** A predictive web service in its training experiment's file; what is absent follows from the training experiment. */
export type PredictiveSection = {
  /** Default: the training service's and ` [predictive exp.]`. */
  name?: string
  description?: string
  /** Defaults `input1` and `output1`. */
  inputPort?: string
  outputPort?: string
  /** Default: the training service's and ` [trained model]`. */
  resourceName?: string
  /** As `trainedModel.trainedOn` of a predictive experiment. */
  trainedOn: string
  globalParameters?: GlobalParameters
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
  /** One named `Append score columns to output`, when it is false, leaves only the two scored columns. */
  globalParameters?: GlobalParameters
}

/** Rows in, transformed rows out, no model: the feature-hashing sample of the API Management guide. */
export type TransformExperiment = {
  kind: 'transform'
  name: string
  description?: string
  inputPort: string
  outputPort: string
  /** Columns of the input; those not named in `select` are dropped. */
  columns: TransformColumn[]
  /** Further input ports, for further outputs to read. */
  furtherInputs?: { port: string; columns: TransformColumn[] }[]
  /** Further output ports, each with its own selection `from` an input port; default: the first. */
  furtherOutputs?: ({ port: string; from?: string } & Transformation)[]
  /** Those named `Hashing bitsize` and `N-grams` set the two parameters of every feature hashing. */
  globalParameters?: GlobalParameters
} & Transformation

export type TransformColumn = { name: string; type: 'numeric' | 'categorical' | 'text' }

/** Select Columns in Dataset, then Feature Hashing of one of them. */
export type Transformation = {
  select: string[]
  featureHashing?: { column: string } & FeatureHashing
}
