import type { Column, Table, TextColumn } from '../table.ts'
import { frequentLevels, mostBins, numericBins, numericBounds } from './bins.ts'

/** The most bins of a hashed column: counts 0 to 14, and more. */
const mostCountBins = 16

/**
 * One feature's bins. Its place in a histogram is `slot` to `slot + bins` (pairs of numbers). `kind` number: bins are
 * in order of value and split by `bounds`; level: bin b is the level with code b; count: bin b is the count b of a
 * hashed column, of which bin 0 is not stored.
 */
export type Feature = {
  kind: 'number' | 'level' | 'count'
  /** Index among the model's features. */
  index: number
  slot: number
  /** Bins that splits look at: without the missing bin, without the bin of rare levels. */
  bins: number
  bounds: Float32Array
  hasMissing: boolean
  /** Place in a dense row; -1 if it is stored sparsely. */
  place: number
}

/**
 * A table in bins. Row r's entries are `2 * (slot + bin)`: `width` of them in `dense` from `r * width`, and for
 * hashed text `sparse` from `starts[r]` to `starts[r + 1]`.
 */
export type BinMatrix = {
  rows: number
  features: Feature[]
  slots: number
  width: number
  dense: Uint16Array | Uint32Array
  starts: Int32Array
  sparse: Uint32Array
  /** Codes of the levels that the bins of a categorical column stand for, by column. */
  levels: (Int32Array | undefined)[]
}

type DenseColumn = { feature: Feature; bins: Uint8Array }

/** Puts a table into bins: 254 a column at most; the rest of the levels share a bin that is never split off. */
export function createMatrix(table: Table): BinMatrix {
  const layout = { slot: 0, index: 0 }
  const dense: DenseColumn[] = []
  const texts: { column: TextColumn; features: Feature[] }[] = []
  const levels = table.columns.map((column) => {
    if (column.kind === 'text') {
      texts.push({ column, features: textFeatures(column, layout) })
      return undefined
    }
    const known = column.kind === 'categorical' ? frequentLevels(column, mostBins) : undefined
    dense.push(denseColumn(column, known, { ...layout, place: dense.length }))
    layout.slot += usedSlots(dense)
    layout.index++
    return known
  })
  return {
    rows: table.rows,
    features: [...dense.map((column) => column.feature), ...texts.flatMap((text) => text.features)],
    slots: layout.slot,
    width: dense.length,
    dense: interleave(dense, table.rows, layout.slot),
    ...sparseRows(texts, table.rows),
    levels,
  }
}

const usedSlots = (dense: DenseColumn[]) => {
  const last = dense.at(-1)?.feature
  return last === undefined ? 0 : last.bins + 1
}

function denseColumn(
  column: Exclude<Column, TextColumn>,
  known: Int32Array | undefined,
  at: { slot: number; index: number; place: number },
): DenseColumn {
  if (column.kind === 'numeric') {
    const bounds = numericBounds(column)
    const hasMissing = column.values.some(Number.isNaN)
    return {
      feature: { kind: 'number', ...at, bins: bounds.length + 1, bounds, hasMissing },
      bins: numericBins(column, bounds),
    }
  }
  const codes = known ?? new Int32Array(0)
  const binOfCode = new Uint8Array(column.levels.length).fill(codes.length)
  codes.forEach((code, bin) => {
    binOfCode[code] = bin
  })
  const bins = new Uint8Array(column.codes.length)
  for (let row = 0; row < bins.length; row++) bins[row] = binOfCode[column.codes[row] as number] as number
  const none = new Float32Array(0)
  return { feature: { kind: 'level', ...at, bins: codes.length, bounds: none, hasMissing: false }, bins }
}

function interleave(columns: DenseColumn[], rows: number, slots: number): Uint16Array | Uint32Array {
  const width = columns.length
  const length = rows * width
  const dense = 2 * slots <= 65_536 ? new Uint16Array(length) : new Uint32Array(length)
  columns.forEach(({ feature, bins }, place) => {
    const offset = 2 * feature.slot
    for (let row = 0, at = place; row < rows; row++, at += width)
      dense[at] = offset + 2 * (bins[row] as number)
  })
  return dense
}

function textFeatures(column: TextColumn, layout: { slot: number; index: number }): Feature[] {
  const most = new Int32Array(2 ** column.hashing.bits)
  column.slots.forEach((slot, i) => {
    most[slot] = Math.max(most[slot] as number, Math.min(column.counts[i] as number, mostCountBins - 1))
  })
  return Array.from(most, (count) => {
    const bounds = Float32Array.from({ length: count }, (_, i) => i + 0.5)
    const at = { index: layout.index++, slot: layout.slot, place: -1 }
    layout.slot += count + 1
    return { kind: 'count', ...at, bins: count + 1, bounds, hasMissing: false }
  })
}

function sparseRows(texts: { column: TextColumn; features: Feature[] }[], rows: number) {
  const starts = new Int32Array(rows + 1)
  const sparse = new Uint32Array(texts.reduce((sum, text) => sum + text.column.slots.length, 0))
  let used = 0
  for (let row = 0; row < rows; row++) {
    for (const { column, features } of texts) {
      const end = column.starts[row + 1] as number
      for (let i = column.starts[row] as number; i < end; i++) {
        const slot = features[column.slots[i] as number]?.slot ?? 0
        sparse[used++] = 2 * (slot + Math.min(column.counts[i] as number, mostCountBins - 1))
      }
    }
    starts[row + 1] = used
  }
  return { starts, sparse }
}
