import { readFileSync, writeFileSync } from 'node:fs'
import { parameterValues, transformSteps } from '../definitions/definition.ts'
import { decodeModel, scoreCsv, scoredColumns, trainJob } from '../engine/index.ts'
import type { PredictiveExperiment, TrainingExperiment, TransformExperiment } from '../experiment.ts'
import { appendsScores } from '../scoring/predict.ts'
import { transformTable, withHashingParameters } from '../scoring/transform.ts'
import { csvToTsv, readCells, tsvToCsv, writeCsv } from './delimited.ts'
import type { Task } from './task.ts'

/** Does a task: reads its input files, writes its output files, answers the number of data rows. Blocks its thread. */
export function perform(task: Task, onProgress: (progress: number) => void): number {
  const { definition } = task
  if (definition.kind === 'training') return train(task, definition.experiment, onProgress)
  const rows =
    definition.kind === 'predictive'
      ? score(task, definition.experiment)
      : transform(task, definition.experiment)
  onProgress(1)
  return rows
}

function train(task: Task, experiment: TrainingExperiment, onProgress: (progress: number) => void): number {
  const tuned = withParameters(experiment, task.parameters)
  const { maxCells } = task
  const input = readInput(task, experiment.inputPort)
  const { model, evaluation, rows } = trainJob(tuned, input, { onProgress, maxCells })
  writeFileSync(outputFile(task, experiment.outputs.model), model)
  writeDataset(task, experiment.outputs.evaluation, Buffer.from(evaluation))
  return rows
}

function score(task: Task, { inputPort, outputPort }: PredictiveExperiment): number {
  const model = decodeModel(readFileSync(task.modelFile ?? ''))
  const { csv, rows } = scoreCsv(model, readInput(task, inputPort), { maxCells: task.maxCells })
  const kept = appendsScores(parameterValues(task.definition, task.parameters)) ? csv : lastColumns(csv)
  writeDataset(task, outputPort, kept)
  return rows
}

/** The two columns that scoring adds. */
function lastColumns(csv: Uint8Array): Uint8Array {
  return writeCsv(readCells(csv).map((row) => row.slice(-scoredColumns.length)))
}

/** Writes every output port; answers the rows of the first one's input. */
function transform(task: Task, experiment: TransformExperiment): number {
  const values = parameterValues(task.definition, task.parameters)
  const counts = transformSteps(experiment).map((step) => {
    const [header = [], ...rows] = readCells(readInput(task, step.from))
    const result = transformTable(withHashingParameters(step, values), header, rows)
    writeDataset(task, step.port, writeCsv([result.columns, ...result.rows]))
    return rows.length
  })
  return counts[0] ?? 0
}

/** A global parameter named like a parameter of the learner sets it: ours, as Studio binds parameters in its editor. */
function withParameters(experiment: TrainingExperiment, parameters: Task['parameters']): TrainingExperiment {
  const set = Object.entries({ ...experiment.globalParameters, ...parameters })
    .map(([name, value]) => [name, typeof value === 'object' ? value.default : value] as const)
    .filter(([name, value]) => learnerParameters.has(name) && value !== undefined)
    .map(([name, value]) => [name, Number(value)])
  return { ...experiment, learner: { ...experiment.learner, ...Object.fromEntries(set) } }
}

const learnerParameters = new Set([
  ...['numberOfTrees', 'numberOfLeaves', 'minimumLeafInstances', 'learningRate'],
  ...['l1Weight', 'l2Weight', 'memorySize', 'optimizationTolerance'],
])

function readInput(task: Task, port: string): Uint8Array {
  const file = task.inputFiles[port]
  if (file === undefined) throw new Error(`Cannot read input: port ${port} has no file`)
  const bytes = readFileSync(file)
  return file.endsWith('.tsv') ? tsvToCsv(bytes) : bytes
}

function writeDataset(task: Task, port: string, csv: Uint8Array): void {
  const file = outputFile(task, port)
  writeFileSync(file, file.endsWith('.tsv') ? csvToTsv(csv) : csv)
}

function outputFile(task: Task, port: string): string {
  const file = task.outputFiles[port]
  if (file === undefined) throw new Error(`Cannot write output: port ${port} has no file`)
  return file
}
