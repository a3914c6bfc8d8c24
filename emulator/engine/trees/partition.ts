import type { BinMatrix } from './matrix.ts'
import type { Split } from './split.ts'

/** Entries of a row that go to `yes`: from `low` to `high`, and `other`. */
type YesEntries = { low: number; high: number; other: number }

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
  const entries = yesEntries(split)
  const middle =
    split.feature.place >= 0
      ? partitionDense(order, matrix, { ...range, ...entries, place: split.feature.place })
      : partitionSparse(order, matrix, {
          ...range,
          ...entries,
          slot: split.feature.slot,
          bins: split.feature.bins,
        })
  order.indexes.set(order.spare.subarray(0, range.to - middle), middle)
  return middle
}

function yesEntries({ feature, bin, missingYes }: Split): YesEntries {
  const first = 2 * feature.slot
  const low = feature.kind === 'level' ? first + 2 * bin : first
  return { low, high: first + 2 * bin, other: missingYes ? first + 2 * feature.bins : -1 }
}

function partitionDense(
  { indexes, spare }: RowOrder,
  { dense, width }: BinMatrix,
  { from, to, low, high, other, place }: YesEntries & { from: number; to: number; place: number },
): number {
  let yes = from
  let no = 0
  for (let i = from; i < to; i++) {
    const row = indexes[i] as number
    const entry = dense[row * width + place] as number
    const isYes = (entry >= low && entry <= high) || entry === other ? 1 : 0
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
  { from, to, high, slot, bins }: YesEntries & { from: number; to: number; slot: number; bins: number },
): number {
  let yes = from
  let no = 0
  for (let i = from; i < to; i++) {
    const row = indexes[i] as number
    const end = starts[row + 1] as number
    let entry = 2 * slot
    for (let at = starts[row] as number; at < end; at++) {
      const stored = sparse[at] as number
      if (stored >= 2 * slot && stored < 2 * (slot + bins)) entry = stored
    }
    if (entry <= high) indexes[yes++] = row
    else spare[no++] = row
  }
  return yes
}
