import { type Definition, type TransformStep, transformSteps } from '../definitions/definition.ts'
import { type Scorer, TrainingDataError } from '../engine/index.ts'
import type { TransformExperiment } from '../experiment.ts'
import { serviceError } from '../http/serviceError.ts'
import { formatCell } from '../scoring/format.ts'
import { checkCells, namedAs, placeColumns } from '../scoring/inputTable.ts'
import { appendsScores, type OutputTable, onlyScores, predict } from '../scoring/predict.ts'
import { transformTable, transformTypes, withHashingParameters } from '../scoring/transform.ts'
import type { ExecuteRequest } from './executeRequest.ts'

/** What an output port answers. */
export type PortOutput = { port: string; output: OutputTable }

type Predictive = Extract<Definition, { kind: 'predictive' }>

/** Scores the rows at the input port of a predictive service. Throws InputMismatchError and InputParseError. */
export function scoreRequest(
  { experiment, training }: Predictive,
  scorer: Scorer,
  { inputs, parameters }: ExecuteRequest,
): PortOutput {
  const port = experiment.inputPort
  const input = namedAs(inputs.get(port) ?? { columns: [], rows: [] }, scorer.columns)
  const output = predict(training, scorer, { input, port })
  return { port: experiment.outputPort, output: appendsScores(parameters) ? output : onlyScores(output) }
}

/** Every output port of a transforming service. Throws InputMismatchError, BadParameterValue. */
export function transformRequest(experiment: TransformExperiment, request: ExecuteRequest): PortOutput[] {
  return transformSteps(experiment).map((step) => ({
    port: step.port,
    output: transformRows(tuned(step, request), request),
  }))
}

function tuned(step: TransformStep, { parameters }: ExecuteRequest): TransformStep {
  try {
    return withHashingParameters(step, parameters)
  } catch (error) {
    if (!(error instanceof TrainingDataError)) throw error
    throw serviceError('BadArgument', 'BadParameterValue', `${error.message}.`, step.port)
  }
}

function transformRows(step: TransformStep, { inputs }: ExecuteRequest): OutputTable {
  const input = namedAs(inputs.get(step.from) ?? { columns: [], rows: [] }, step.select)
  const known = step.columns.map((column) => column.name)
  placeColumns(input.columns, step.select, { optional: known, port: step.from })
  const texts = input.rows.map((row, at) => {
    checkCells(row, { at, port: step.from })
    return row.map((cell) => formatCell(cell) ?? '')
  })
  return { ...transformTable(step, input.columns, texts), types: transformTypes(step) }
}
