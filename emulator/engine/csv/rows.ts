import { MemoryExhaustedError, TrainingDataError } from '../errors.ts'
import type { ColumnBuilder } from './builders.ts'
import type { CellReader } from './cells.ts'

/** What the rows are read into. */
export type RowTarget = {
  /** Values that the header has. */
  width: number
  /** By place in the row; undefined where the column is not wanted. */
  builders: (ColumnBuilder | undefined)[]
  /** Cells that one row takes in memory (hashed words not counted), and the most that may be taken. */
  cellsPerRow: number
  maxCells: number
  /** Hears of every row's bytes, line end not counted. */
  onRow?: (start: number, end: number) => void
}

/** Reads all rows and returns their number. Empty lines are passed over. */
export function readRows(cells: CellReader, target: RowTarget): number {
  const texts = target.builders.filter((builder) => builder?.entries !== undefined)
  let row = 0
  while (cells.hasRow) {
    cells.next()
    if (cells.endsRow && cells.rawStart === cells.rawEnd) continue
    let size = (row + 1) * target.cellsPerRow
    for (const text of texts) size += text?.entries?.() ?? 0
    if (size > target.maxCells) throw new MemoryExhaustedError(size, target.maxCells)
    readRow(cells, row, target)
    row++
  }
  return row
}

function readRow(cells: CellReader, row: number, target: RowTarget): void {
  const { builders, width } = target
  const start = cells.rawStart
  const line = cells.line
  let place = 0
  for (;;) {
    if (place < width) builders[place]?.add(cells, row)
    place++
    if (cells.endsRow) break
    cells.next()
  }
  if (place !== width) throw wrongWidth(cells, line, place, width)
  target.onRow?.(start, cells.rawEnd)
}

function wrongWidth(cells: CellReader, line: number, values: number, width: number): TrainingDataError {
  const last = values < width && !cells.hasRow ? ' (it is the last line: the file may be cut off)' : ''
  const noun = values === 1 ? 'value' : 'values'
  return new TrainingDataError(
    `Cannot read training data: line ${line} has ${values} ${noun}, the header has ${width}${last}`,
  )
}

/** A first guess of how many rows the file has, from the length of its first 64 KB's lines. */
export function guessRows(bytes: Uint8Array): number {
  const head = bytes.subarray(0, 65_536)
  let lines = 1
  for (let at = head.indexOf(0x0a); at >= 0; at = head.indexOf(0x0a, at + 1)) lines++
  return Math.min(Math.ceil((bytes.length / head.length) * lines * 1.05) + 16, 50_000_000)
}
