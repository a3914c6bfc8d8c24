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
  /** Bin by row; undefined for a hashed column. */
  column: Uint8Array | undefined
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

type DenseFeature = Feature & { column: Uint8Array }

/** Puts a table into bins: 254 a column at most; the rest of the levels share a bin that is never split off. */
export function createMatrix(table: Table): BinMatrix {
  const layout = { slot: 0, index: 0 }
  const dense: DenseFeature[] = []
  const texts: { column: TextColumn; features: Feature[] }[] = []
  const levels = table.columns.map((column) => {
    if (column.kind === 'text') {
      texts.push({ column, features: textFeatures(column, layout) })
      return undefined
    }
    const known = column.kind === 'categorical' ? frequentLevels(column, mostBins) : undefined
    dense.push(denseFeature(column, known, { ...layout }))
    layout.slot += usedSlots(dense)
    layout.index++
    return known
  })
  return {
    rows: table.rows,
    features: [...dense, ...texts.flatMap((text) => text.features)],
    slots: layout.slot,
    width: dense.length,
    dense: interleave(dense, table.rows, layout.slot),
    ...sparseRows(texts, table.rows),
    levels,
  }
}

const usedSlots = (dense: DenseFeature[]) => (dense.at(-1)?.bins ?? -1) + 1

function denseFeature(
  column: Exclude<Column, TextColumn>,
  known: Int32Array | undefined,
  at: { slot: number; index: number },
): DenseFeature {
  if (column.kind === 'numeric') {
    const bounds = numericBounds(column)
    const hasMissing = column.values.some(Number.isNaN)
    const binned = numericBins(column, bounds)
    return { kind: 'number', ...at, bins: bounds.length + 1, bounds, hasMissing, column: binned }
  }
  const codes = known ?? new Int32Array(0)
  const binOfCode = new Uint8Array(column.levels.length).fill(codes.length)
  codes.forEach((code, bin) => {
    binOfCode[code] = bin
  })
  const binned = new Uint8Array(column.codes.length)
  for (let row = 0; row < binned.length; row++) binned[row] = binOfCode[column.codes[row] as number] as number
  const bounds = new Float32Array(0)
  return { kind: 'level', ...at, bins: codes.length, bounds, hasMissing: false, column: binned }
}

function interleave(features: DenseFeature[], rows: number, slots: number): Uint16Array | Uint32Array {
  const width = features.length
  const length = rows * width
  const dense = 2 * slots <= 65_536 ? new Uint16Array(length) : new Uint32Array(length)
  features.forEach(({ slot, column }, place) => {
    const offset = 2 * slot
    for (let row = 0, at = place; row < rows; row++, at += width)
      dense[at] = offset + 2 * (column[row] as number)
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
    const at = { index: layout.index++, slot: layout.slot, column: undefined }
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
