import type { TrainingExperiment } from '../experiment.ts'
import { joinBytes } from './bytes.ts'
import { readTable } from './csv/readTable.ts'
import { TrainingDataError } from './errors.ts'
import { encodeEvaluation } from './evaluation/encodeEvaluation.ts'
import { type Evaluation, evaluate } from './evaluation/evaluate.ts'
import { type Learner, resolveLearner } from './learner.ts'
import { trainLogistic } from './logistic/train.ts'
import type { Model, ModelInput } from './model.ts'
import { isReservedName } from './onnx/buildGraph.ts'
import { defaultMaxModelBytes } from './onnx/decodeModel.ts'
import { encodeModel } from './onnx/encodeModel.ts'
import { createRandom } from './random.ts'
import { scoreTable } from './scoring/scoreTable.ts'
import { splitRows } from './splitRows.ts'
import { selectRows, type TrainingTable } from './table.ts'
import { trainTrees } from './trees/train.ts'

const defaultEvaluationShare = 0.25
const seed = 1

/** What a training job leaves: the `.ilearner` file, the evaluation CSV, and how many rows the model was trained on. */
export type TrainingOutput = { model: Uint8Array; evaluation: string; rows: number }

export type TrainJobOptions = {
  /** Hears the share of the job that is done, 0 to 1, never less than before. */
  onProgress?: (share: number) => void
  /** Most cells (rows x columns, a hashed text counting its words); default 100 million. */
  maxCells?: number
}

/**
 * Trains as the experiment says: reads the CSV, holds out `evaluationShare` of the rows (default 0.25; 0 none),
 * measures a model trained on the rest on them, and trains the delivered model on all rows. Synchronous, pure and
 * deterministic: the same input gives the same bytes. Throws TrainingDataError, MemoryExhaustedError.
 */
export function trainJob(
  experiment: TrainingExperiment,
  csv: Uint8Array | readonly Uint8Array[],
  options: TrainJobOptions = {},
): TrainingOutput {
  const { maxCells } = options
  const onProgress = rising(options.onProgress ?? (() => {}))
  const learner = resolveLearner(experiment.learner)
  checkColumns(experiment)
  const bytes = csv instanceof Uint8Array ? csv : joinBytes(csv)
  const table = readTable(bytes, experiment, maxCells === undefined ? {} : { maxCells })
  onProgress(0.02)
  const share = experiment.evaluationShare ?? defaultEvaluationShare
  const measured = measure(table, learner, share, (done) => onProgress(0.02 + 0.43 * done))
  const fitted = train(table, learner, (done) => onProgress(0.45 + 0.54 * done))
  const { label, rows } = table
  const model = encodeModel({ learner, label, rows, evaluation: measured, ...fitted })
  if (model.length > defaultMaxModelBytes) {
    throw new TrainingDataError(
      `Cannot train: the model file of ${model.length} bytes is larger than the ${defaultMaxModelBytes} that are read; ask for fewer trees or leaves`,
    )
  }
  onProgress(1)
  return { model, evaluation: encodeEvaluation(measured), rows }
}

/** Passes on only what is more than before: a regression's guess may fall back. */
function rising(onProgress: (share: number) => void): (share: number) => void {
  let most = 0
  return (share) => {
    if (share <= most) return
    most = share
    onProgress(share)
  }
}

function checkColumns({ columns, evaluationShare = defaultEvaluationShare }: TrainingExperiment): void {
  if (columns.length === 0) throw new TrainingDataError('Cannot train: the experiment names no columns')
  const names = columns.map((column) => column.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new TrainingDataError(`Cannot train: the experiment names the column "${twice}" twice`)
  }
  const reserved = names.find((name) => isReservedName(name))
  if (reserved !== undefined) {
    throw new TrainingDataError(`Cannot train: the column name "${reserved}" is taken by the model itself`)
  }
  if (!(evaluationShare >= 0 && evaluationShare < 1)) {
    throw new TrainingDataError(
      `Cannot train: evaluationShare must be a number from 0 to less than 1, not ${evaluationShare}`,
    )
  }
}

/** Trains on the rest and measures on the held-out rows; undefined where none can be held out. */
function measure(
  table: TrainingTable,
  learner: Learner,
  share: number,
  onProgress: (share: number) => void,
): Evaluation | undefined {
  const split = splitRows(table.target, share, createRandom(seed))
  if (split === undefined) return undefined
  const fitted = train(selectRows(table, split.kept), learner, onProgress)
  const heldOut = selectRows(table, split.heldOut)
  return evaluate(scoreTable(fitted, heldOut), heldOut.target)
}

function train(
  table: TrainingTable,
  learner: Learner,
  onProgress: (share: number) => void,
): { fit: Model['fit']; inputs: ModelInput[] } {
  return learner.kind === 'twoClassBoostedDecisionTree'
    ? trainTrees(table, learner.parameters, onProgress)
    : trainLogistic(table, learner.parameters, onProgress)
}
