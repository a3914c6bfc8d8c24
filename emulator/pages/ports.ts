import { type Definition, inputPorts, transformSteps } from '../definitions/definition.ts'
import type { Model } from '../engine/index.ts'
import { createScorer } from '../engine/index.ts'
import type { TransformExperiment } from '../experiment.ts'
import type { InputTable } from '../scoring/inputTable.ts'
import { type OutputTable, predict } from '../scoring/predict.ts'
import { transformTable, transformTypes } from '../scoring/transform.ts'
import { type SampledColumn, sampleOfColumns, sampleOfModel } from './sampleRows.ts'
import type { ApiView, ColumnType, InputView, OutputView } from './view.ts'

/**
 * The ports of an endpoint with their columns, a sample row, and the answer that the service really gives to it. `model`
 * is the one that answers now; training and transforming services have none.
 */
export function describePorts(
  definition: Definition,
  model: Model | undefined,
  withData: boolean,
): Pick<ApiView, 'inputs' | 'outputs'> {
  switch (definition.kind) {
    case 'training':
      return trainingPorts(definition)
    case 'transform':
      return transformPorts(definition.experiment)
    case 'predictive': {
      if (model === undefined) throw new Error('Cannot describe endpoint: it has no model')
      const { experiment, training } = definition
      const input = inputView(experiment.inputPort, sampleOfModel(model, withData))
      const table: InputTable = tableOf(input)
      const output = predict(training, createScorer(model), { input: table, port: experiment.inputPort })
      return { inputs: [input], outputs: [scoredView(experiment.outputPort, output, { input, model })] }
    }
  }
}

/** An input shows the columns that some output selects. */
function transformPorts(experiment: TransformExperiment): Pick<ApiView, 'inputs' | 'outputs'> {
  const steps = transformSteps(experiment)
  const inputs = inputPorts({ kind: 'transform', experiment }).map((port) => {
    const reading = steps.filter((step) => step.from === port)
    const selected = new Set(reading.flatMap((step) => step.select))
    const columns = reading[0]?.columns ?? []
    return inputView(port, sampleOfColumns(columns.filter(({ name }) => selected.has(name))))
  })
  const outputs = steps.flatMap((step) => {
    const input = inputs.find(({ name }) => name === step.from)
    if (input === undefined) return []
    const { columns, rows } = tableOf(input)
    const output = { ...transformTable(step, columns, rows), types: transformTypes(step) }
    return [outputView(step.port, output, input)]
  })
  return { inputs, outputs }
}

function trainingPorts({
  experiment,
}: Extract<Definition, { kind: 'training' }>): Pick<ApiView, 'inputs' | 'outputs'> {
  const { inputPort, columns, label, outputs } = experiment
  const labelColumn = { name: label.column, type: 'categorical' } as const
  return {
    inputs: [inputView(inputPort, sampleOfColumns([...columns, labelColumn]))],
    outputs: [
      { name: outputs.model, kind: 'model' },
      { name: outputs.evaluation, kind: 'dataset' },
    ],
  }
}

function inputView(name: string, sampled: readonly SampledColumn[]): InputView {
  return { name, columns: sampled.map(({ column }) => column), sample: sampled.map(({ cell }) => cell) }
}

function tableOf(input: InputView): { columns: string[]; rows: string[][] } {
  return { columns: input.columns.map((column) => column.name), rows: [[...input.sample]] }
}

/** Columns that come out as they went in keep what is known of them. */
function outputView(name: string, output: OutputTable, input: InputView): OutputView {
  const columns = output.columns.map((column, at) => {
    const known = input.columns.find((given) => given.name === column)
    return known ?? { name: column, type: output.types[at] as ColumnType }
  })
  return { name, kind: 'table', columns, sample: (output.rows[0] ?? []).map((cell) => cell ?? '') }
}

function scoredView(
  name: string,
  output: OutputTable,
  { input, model }: { input: InputView; model: Model },
): OutputView {
  const view = outputView(name, output, input)
  if (view.kind !== 'table') return view
  const levels = [model.label.negative, model.label.positive]
  // The last two columns are what scoring added: label and probability.
  const labelAt = view.columns.length - 2
  const columns = view.columns.map((column, at) => (at === labelAt ? { ...column, levels } : column))
  return { ...view, columns }
}
