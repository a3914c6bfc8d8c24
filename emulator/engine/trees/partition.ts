import type { BinMatrix, Feature } from './matrix.ts'
import type { Split } from './split.ts'

/** Bins that go to `yes`: from `low` to `high`, and `other`. */
type YesBins = { low: number; high: number; other: number }

/** Row numbers in order of leaf, with room to sort them. */
export type RowOrder = { indexes: Int32Array; spare: Int32Array }

/**
 * Puts the rows `order.indexes[from..to)` that go to `yes` before those that go to `no`, each part in its old order;
 * returns where `no` begins.
 */
export function partition(
  order: RowOrder,
  matrix: BinMatrix,
  split: Split,
  range: { from: number; to: number },
): number {
  const { column } = split.feature
  const middle =
    column === undefined
      ? partitionSparse(order, matrix, {
          from: range.from,
          to: range.to,
          feature: split.feature,
          bin: split.bin,
        })
      : partitionDense(order, column, { from: range.from, to: range.to, ...yesBins(split) })
  order.indexes.set(order.spare.subarray(0, range.to - middle), middle)
  return middle
}

function yesBins({ feature, bin, missingYes }: Split): YesBins {
  return { low: feature.kind === 'level' ? bin : 0, high: bin, other: missingYes ? feature.bins : -1 }
}

function partitionDense(
  { indexes, spare }: RowOrder,
  column: Uint8Array,
  { from, to, low, high, other }: YesBins & { from: number; to: number },
): number {
  let yes = from
  let no = 0
  for (let i = from; i < to; i++) {
    const row = indexes[i] as number
    const bin = column[row] as number
    const isYes = (bin >= low && bin <= high) || bin === other ? 1 : 0
    indexes[yes] = row
    spare[no] = row
    yes += isYes
    no += 1 - isYes
  }
  return yes
}

function partitionSparse(
  { indexes, spare }: RowOrder,
  { sparse, starts }: BinMatrix,
  { from, to, feature, bin }: { from: number; to: number; feature: Feature; bin: number },
): number {
  const first = 2 * feature.slot
  const end = first + 2 * feature.bins
  let yes = from
  let no = 0
  for (let i = from; i < to; i++) {
    const row = indexes[i] as number
    const last = starts[row + 1] as number
    let entry = first
    for (let at = starts[row] as number; at < last; at++) {
      const stored = sparse[at] as number
      if (stored >= first && stored < end) entry = stored
    }
    if (entry <= first + 2 * bin) indexes[yes++] = row
    else spare[no++] = row
  }
  return yes
}
