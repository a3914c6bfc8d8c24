import type { ColumnSpec, TrainingExperiment } from '../../experiment.ts'
import { TrainingDataError } from '../errors.ts'
import type { Table, TrainingTable } from '../table.ts'
import { createBuilder } from './builders.ts'
import { CellReader } from './cells.ts'
import { checkText } from './checkText.ts'
import { placeColumns, readHeader } from './header.ts'
import { createLabel, decideLabel } from './label.ts'
import { guessRows, readRows } from './rows.ts'

/** Cells (rows x columns, a hashed text counting its words) that a table may have unless the caller says otherwise. */
export const defaultMaxCells = 100_000_000

/** Where the rows of a CSV stand in its bytes: row r from `starts[r]` to `ends[r]`, `header` likewise. */
export type RowPlaces = { header: [start: number, end: number]; starts: number[]; ends: number[] }

/**
 * Reads a training CSV with a header into typed columns. Column order is free, further columns are ignored.
 * Throws TrainingDataError that names column and line, MemoryExhaustedError before too much memory is taken.
 */
export function readTable(
  csv: Uint8Array,
  experiment: Pick<TrainingExperiment, 'columns' | 'label'>,
  options: { maxCells?: number } = {},
): TrainingTable {
  const { columns, label } = experiment
  const { cells, header, rowsGuess } = open(csv, columns, options.maxCells ?? defaultMaxCells)
  const names = columns.map((column) => column.name)
  if (names.includes(label.column)) {
    throw new TrainingDataError(`Cannot train: the label column "${label.column}" is also an input column`)
  }
  const places = placeColumns(header, [...names, label.column], label.column)
  const inputs = columns.map((spec) => createBuilder(spec, rowsGuess))
  const labels = createLabel(label.column, rowsGuess)
  const builders = arrange(header.length, places, [...inputs, labels])
  const rows = readRows(cells, {
    width: header.length,
    builders,
    cellsPerRow: columns.length + 1,
    maxCells: options.maxCells ?? defaultMaxCells,
  })
  if (rows === 0) throw new TrainingDataError('Cannot read training data: it has a header and no rows')
  return {
    rows,
    columns: inputs.map((input) => input.finish(rows)),
    ...decideLabel(labels.finish(rows), label.positive, labels.firstLines),
  }
}

/** Reads the input columns of a CSV to score, and where its rows stand. Throws as `readTable`. */
export function readInputs(
  csv: Uint8Array,
  columns: ColumnSpec[],
  options: { maxCells?: number } = {},
): Table & { places: RowPlaces } {
  const maxCells = options.maxCells ?? defaultMaxCells
  const { cells, header, headerBytes, rowsGuess } = open(csv, columns, maxCells)
  const inputs = columns.map((spec) => createBuilder(spec, rowsGuess))
  const at = placeColumns(
    header,
    columns.map((column) => column.name),
  )
  const places: RowPlaces = { header: headerBytes, starts: [], ends: [] }
  const rows = readRows(cells, {
    width: header.length,
    builders: arrange(header.length, at, inputs),
    cellsPerRow: Math.max(columns.length, 1),
    maxCells,
    onRow(start, end) {
      places.starts.push(start)
      places.ends.push(end)
    },
  })
  return { rows, columns: inputs.map((input) => input.finish(rows)), places }
}

function open(csv: Uint8Array, columns: ColumnSpec[], maxCells: number) {
  checkText(csv)
  const cells = new CellReader(csv)
  if (!cells.hasRow) throw new TrainingDataError('Cannot read training data: it is empty')
  const header = readHeader(cells)
  const rowsGuess = Math.min(guessRows(csv), Math.floor(maxCells / Math.max(columns.length, 1)) + 1)
  const headerStart = csv[0] === 0xef ? 3 : 0
  return { cells, header, rowsGuess, headerBytes: [headerStart, cells.rawEnd] as [number, number] }
}

function arrange<B>(width: number, places: number[], builders: B[]): (B | undefined)[] {
  const arranged = new Array<B | undefined>(width).fill(undefined)
  places.forEach((place, i) => {
    arranged[place] = builders[i]
  })
  return arranged
}
