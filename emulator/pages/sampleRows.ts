import type { Model, ModelInput } from '../engine/index.ts'
import type { ColumnView } from './view.ts'

/** A column of an input port with the cell that samples show. */
export type SampledColumn = { column: ColumnView; cell: string }

/** The input columns of a model: levels and a usual value as the model learned them. Without `withData`, placeholders. */
export function sampleOfModel(model: Model, withData: boolean): SampledColumn[] {
  let feature = 0
  return model.inputs.map((input) => {
    const column = columnOf(input)
    const cell = withData ? usualCell(model, input, feature) : placeholder(column)
    feature += input.kind === 'text' ? 2 ** input.hashing.bits : 1
    return { column, cell }
  })
}

/** Columns that no model was learned from: of a training or a transforming service. */
export function sampleOfColumns(
  columns: readonly { name: string; type: 'numeric' | 'categorical' | 'text' }[],
): SampledColumn[] {
  return columns.map(({ name, type }) => {
    const column: ColumnView = { name, type: type === 'numeric' ? 'Double' : 'String' }
    return { column, cell: type === 'text' ? sampleText : placeholder(column) }
  })
}

/** The text that the API Management guide tries its service with. */
const sampleText = 'This is a good day'

function columnOf(input: ModelInput): ColumnView {
  if (input.kind === 'numeric') return { name: input.name, type: 'Double' }
  if (input.kind === 'text') return { name: input.name, type: 'String' }
  const levels = input.levels.filter((level) => level !== '')
  return { name: input.name, type: 'String', levels }
}

function placeholder({ type }: ColumnView): string {
  return type === 'Double' ? '0' : 'value'
}

function usualCell(model: Model, input: ModelInput, feature: number): string {
  if (input.kind === 'text') return sampleText
  if (input.kind === 'categorical') return input.levels.find((level) => level !== '') ?? 'value'
  return String(Number(usualNumber(model, input, feature).toPrecision(3)))
}

/** The mean that a regression keeps, or the value that a tree first splits the column at. */
function usualNumber({ fit, inputs }: Model, input: ModelInput, feature: number): number {
  if (fit.kind === 'logistic') return fit.inputs[inputs.indexOf(input)]?.mean ?? 0
  const node = fit.feature.findIndex((of, at) => of === feature && fit.mode[at] === 1)
  return fit.value[node] ?? 0
}
