import type { FeatureHashing } from '../experiment.ts'
import type { ModelLabel } from './model.ts'

/** Numbers as float32, which is what the ONNX model compares; a missing cell is NaN. */
export type NumericColumn = { kind: 'numeric'; name: string; values: Float32Array }

/** `levels` in order of first appearance; `codes[row]` is an index into them. A missing cell is the level ''. */
export type CategoricalColumn = {
  kind: 'categorical'
  name: string
  codes: Int32Array
  levels: string[]
}

/** Hashed text, sparse: row r has `counts[i]` in hashed column `slots[i]` for i from starts[r] to starts[r + 1]. */
export type TextColumn = {
  kind: 'text'
  name: string
  hashing: FeatureHashing
  starts: Int32Array
  slots: Int32Array
  counts: Float32Array
}

export type Column = NumericColumn | CategoricalColumn | TextColumn

/** Typed input columns of `rows` rows. */
export type Table = { rows: number; columns: Column[] }

/** A table with its label: `target[row]` is 1 for the positive value, else 0. */
export type TrainingTable = Table & { label: ModelLabel; target: Uint8Array }

/** The rows named in `rowIndexes`, in that order, as a table of their own. */
export function selectRows(table: TrainingTable, rowIndexes: Int32Array): TrainingTable {
  return {
    rows: rowIndexes.length,
    columns: table.columns.map((column) => selectFrom(column, rowIndexes)),
    label: table.label,
    target: Uint8Array.from(rowIndexes, (row) => table.target[row] ?? 0),
  }
}

function selectFrom(column: Column, rowIndexes: Int32Array): Column {
  if (column.kind === 'numeric') {
    return { ...column, values: Float32Array.from(rowIndexes, (row) => column.values[row] ?? Number.NaN) }
  }
  if (column.kind === 'categorical') {
    return { ...column, codes: Int32Array.from(rowIndexes, (row) => column.codes[row] ?? -1) }
  }
  return selectText(column, rowIndexes)
}

function selectText(column: TextColumn, rowIndexes: Int32Array): TextColumn {
  const starts = new Int32Array(rowIndexes.length + 1)
  rowIndexes.forEach((row, i) => {
    starts[i + 1] = (starts[i] ?? 0) + (column.starts[row + 1] ?? 0) - (column.starts[row] ?? 0)
  })
  const slots = new Int32Array(starts[rowIndexes.length] ?? 0)
  const counts = new Float32Array(slots.length)
  rowIndexes.forEach((row, i) => {
    const from = column.starts[row] ?? 0
    const to = column.starts[row + 1] ?? 0
    slots.set(column.slots.subarray(from, to), starts[i])
    counts.set(column.counts.subarray(from, to), starts[i])
  })
  return { ...column, starts, slots, counts }
}
