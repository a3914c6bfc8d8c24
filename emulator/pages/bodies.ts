import type { ApiView, ColumnView, OutputView, ParameterView } from './view.ts'

type Json = string | number | boolean | null
type Row = Record<string, Json>

/** A request whose ports are tables: the form of the help pages' samples. All cells are text. */
export function tableRequest(api: ApiView) {
  const ports = api.inputs.map((input) => [
    input.name,
    { ColumnNames: input.columns.map((column) => column.name), Values: [input.sample] },
  ])
  return { Inputs: Object.fromEntries(ports), GlobalParameters: sampleParameters(api.parameters) }
}

/** A request whose ports are lists of rows, as with `format=swagger`: the example of the swagger document. Cells are typed. */
export function rowsRequest(api: ApiView): object {
  const ports = api.inputs.map((input) => [input.name, [sampleRow(input.columns, input.sample)]])
  return { Inputs: Object.fromEntries(ports), GlobalParameters: sampleParameters(api.parameters) }
}

/** The answer to `tableRequest` with `details=true`. */
export function tableAnswer(api: ApiView): object {
  const ports = tablesOf(api).map((output) => [
    output.name,
    {
      type: 'table',
      value: {
        ColumnNames: output.columns.map((column) => column.name),
        ColumnTypes: output.columns.map((column) => column.type),
        Values: [output.sample],
      },
    },
  ])
  return { Results: Object.fromEntries(ports) }
}

/** The answer to `rowsRequest`: every cell is text. */
export function rowsAnswer(api: ApiView): object {
  const ports = tablesOf(api).map((output) => [
    output.name,
    [Object.fromEntries(output.columns.map((column, at) => [column.name, output.sample[at] ?? '']))],
  ])
  return { Results: Object.fromEntries(ports) }
}

/** Global parameters by name: the default, or a word to replace. */
export function sampleParameters(parameters: readonly ParameterView[]): Record<string, string | number> {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default ?? 'value']))
}

function tablesOf(api: ApiView): Extract<OutputView, { kind: 'table' }>[] {
  return api.outputs.filter((output) => output.kind === 'table')
}

function sampleRow(columns: readonly ColumnView[], sample: readonly string[]): Row {
  return Object.fromEntries(columns.map((column, at) => [column.name, typedCell(column, sample[at] ?? '')]))
}

function typedCell(column: ColumnView, cell: string): Json {
  switch (column.type) {
    case 'Double':
    case 'Int32':
      return cell === '' || Number.isNaN(Number(cell)) ? null : Number(cell)
    case 'Boolean':
      return cell.toLowerCase() === 'true'
    case 'String':
      return cell
  }
}
