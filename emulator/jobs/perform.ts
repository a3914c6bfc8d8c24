import { readFileSync, writeFileSync } from 'node:fs'
import { decodeModel, scoreCsv, trainJob } from '../engine/index.ts'
import type { TrainingExperiment } from '../experiment.ts'
import { transformTable } from '../scoring/transform.ts'
import { csvToTsv, readCells, tsvToCsv, writeCsv } from './delimited.ts'
import type { Task } from './task.ts'

/** Does a task: reads its input file, writes its output files, answers the number of data rows. Blocks its thread. */
export function perform(task: Task, onProgress: (progress: number) => void): number {
  const { definition } = task
  if (definition.kind === 'training') return train(task, definition.experiment, onProgress)
  const { csv, rows } = definition.kind === 'predictive' ? score(task) : transform(task)
  writeDataset(task, definition.experiment.outputPort, csv)
  onProgress(1)
  return rows
}

function train(task: Task, experiment: TrainingExperiment, onProgress: (progress: number) => void): number {
  const tuned = withParameters(experiment, task.parameters)
  const { maxCells } = task
  const { model, evaluation, rows } = trainJob(tuned, readInput(task), { onProgress, maxCells })
  writeFileSync(outputFile(task, experiment.outputs.model), model)
  writeDataset(task, experiment.outputs.evaluation, Buffer.from(evaluation))
  return rows
}

function score(task: Task): { csv: Uint8Array; rows: number } {
  const model = decodeModel(readFileSync(task.modelFile ?? ''))
  return scoreCsv(model, readInput(task), { maxCells: task.maxCells })
}

function transform(task: Task): { csv: Uint8Array; rows: number } {
  if (task.definition.kind !== 'transform') throw new Error('Cannot transform: the web service does not')
  const [header = [], ...rows] = readCells(readInput(task))
  const result = transformTable(task.definition.experiment, header, rows)
  return { csv: writeCsv([result.columns, ...result.rows]), rows: rows.length }
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

function readInput(task: Task): Uint8Array {
  const bytes = readFileSync(task.inputFile)
  return task.inputFile.endsWith('.tsv') ? tsvToCsv(bytes) : bytes
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
