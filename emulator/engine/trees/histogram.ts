import type { BinMatrix } from './matrix.ts'

/**
 * Adds up the pairs of the rows `rowIndexes[from..to)` by bin, in place. `histogram[2 * slot]` is the sum of
 * gradients, the next number the sum of packed hessians and counts.
 */
export function fillHistogram(
  histogram: Float64Array,
  matrix: BinMatrix,
  pairs: Float64Array,
  rows: { indexes: Int32Array; from: number; to: number },
): void {
  histogram.fill(0)
  if (matrix.width > 0) addDense(histogram, matrix, pairs, rows)
  if (matrix.sparse.length > 0) addSparse(histogram, matrix, pairs, rows)
}

function addDense(
  histogram: Float64Array,
  matrix: BinMatrix,
  pairs: Float64Array,
  rows: { indexes: Int32Array; from: number; to: number },
): void {
  const { dense, width } = matrix
  const { indexes, from, to } = rows
  for (let i = from; i < to; i++) {
    const row = indexes[i] as number
    const gradient = pairs[2 * row] as number
    const packed = pairs[2 * row + 1] as number
    const end = row * width + width
    for (let at = row * width; at < end; at++) {
      const entry = dense[at] as number
      histogram[entry] = (histogram[entry] as number) + gradient
      histogram[entry + 1] = (histogram[entry + 1] as number) + packed
    }
  }
}

function addSparse(
  histogram: Float64Array,
  matrix: BinMatrix,
  pairs: Float64Array,
  rows: { indexes: Int32Array; from: number; to: number },
): void {
  const { sparse, starts } = matrix
  const { indexes, from, to } = rows
  for (let i = from; i < to; i++) {
    const row = indexes[i] as number
    const gradient = pairs[2 * row] as number
    const packed = pairs[2 * row + 1] as number
    const end = starts[row + 1] as number
    for (let at = starts[row] as number; at < end; at++) {
      const entry = sparse[at] as number
      histogram[entry] = (histogram[entry] as number) + gradient
      histogram[entry + 1] = (histogram[entry + 1] as number) + packed
    }
  }
}

/** Turns the parent's histogram into that of the child whose sibling's histogram is given. */
export function subtractHistogram(parent: Float64Array, sibling: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (sibling[i] as number)
}
