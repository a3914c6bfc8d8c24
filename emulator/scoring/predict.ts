import { type Cell, type Scorer, ScoringInputError, scoredColumns } from '../engine/index.ts'
import type { TrainingExperiment } from '../experiment.ts'
import { formatCell, formatDouble } from './format.ts'
import { checkCells, type InputTable, parseError, placeColumns } from './inputTable.ts'

/** Rows of an RRS answer, each cell as text; `types` are .NET's names of the columns' types. */
export type OutputTable = { columns: string[]; types: string[]; rows: (string | null)[][] }

/**
 * Scores rows: the input columns as they came, the label if it was given, then `Scored Labels` and
 * `Scored Probabilities`. Throws InputMismatchError and InputParseError. Source: Score Model.
 */
export function predict(
  training: TrainingExperiment,
  scorer: Scorer,
  { input, port }: { input: InputTable; port: string },
): OutputTable {
  const label = training.label.column
  const places = placeColumns(input.columns, scorer.columns, { optional: [label], port })
  const labelPlace = input.columns.indexOf(label)
  const echoed = labelPlace === -1 ? places : [...places, labelPlace]
  const columns = labelPlace === -1 ? [...scorer.columns] : [...scorer.columns, label]
  const rows = input.rows.map((row, at) => {
    const cells = new Array<Cell>(places.length)
    for (let i = 0; i < places.length; i++) cells[i] = row[places[i] as number] as Cell
    const { label, probability } = scoreRow(scorer, cells, { at, port })
    const output = echoed.map((place) => formatCell(row[place]))
    output.push(label, formatDouble(probability))
    return output
  })
  return {
    columns: [...columns, ...scoredColumns],
    types: [...columns.map((name) => typeOf(training, name)), 'String', 'Double'],
    rows,
  }
}

/** Whether answers have the input columns too. Source: Score Model, "Append score columns to output". */
export function appendsScores(parameters: Readonly<Record<string, string | number>>): boolean {
  return String(parameters['Append score columns to output'] ?? true).toLowerCase() !== 'false'
}

/** Only the two columns that scoring added. */
export function onlyScores({ columns, types, rows }: OutputTable): OutputTable {
  const added = -scoredColumns.length
  return {
    columns: columns.slice(added),
    types: types.slice(added),
    rows: rows.map((row) => row.slice(added)),
  }
}

function scoreRow(scorer: Scorer, cells: Cell[], { at, port }: { at: number; port: string }) {
  checkCells(cells, { at, port })
  try {
    return scorer.score(cells)
  } catch (error) {
    if (error instanceof ScoringInputError) throw parseError(port, `row ${at + 1}: ${error.message}`)
    throw error
  }
}

function typeOf(training: TrainingExperiment, name: string): string {
  return training.columns.find((column) => column.name === name)?.type === 'numeric' ? 'Double' : 'String'
}
