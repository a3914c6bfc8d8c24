/**
 * Where boosting stands: by row the odds, and the pair (gradient, packed) that histograms add up, with
 * packed = unit + hessian in steps of 1/steps. One addition so counts rows and adds hessians, both exactly:
 * `unit` is greater than any sum of hessian steps, and all of it stays below 2^53.
 */
export type Gradients = {
  target: Uint8Array
  odds: Float64Array
  pairs: Float64Array
  unit: number
  steps: number
}

/** Odds beyond these are as good as certain; the limits keep products of odds finite and above 0. */
const mostOdds = 1e200

/** Starts at the odds of the whole training set. */
export function createGradients(target: Uint8Array, baseOdds: number): Gradients {
  const rows = target.length
  const countBits = Math.ceil(Math.log2(rows + 1))
  const unitBits = 52 - countBits
  const gradients: Gradients = {
    target,
    odds: new Float64Array(rows).fill(baseOdds),
    pairs: new Float64Array(2 * rows),
    unit: 2 ** unitBits,
    // A hessian is at most 1/4, rounding adds less than one step.
    steps: 2 ** Math.min(unitBits - countBits + 1, 40),
  }
  const all = Int32Array.from({ length: rows }, (_, row) => row)
  updateGradients(gradients, all, { from: 0, to: rows, addition: 0 })
  return gradients
}

/**
 * Adds a leaf's value to the log-odds of its rows and computes their gradients anew (logistic loss, second order).
 * Hessians are rounded up or down by a fixed pattern over the rows, so that sums are unbiased however many rows.
 */
export function updateGradients(
  gradients: Gradients,
  rowIndexes: Int32Array,
  leaf: { from: number; to: number; addition: number },
): void {
  const { target, odds, pairs, unit, steps } = gradients
  const factor = Math.exp(leaf.addition)
  for (let i = leaf.from; i < leaf.to; i++) {
    const row = rowIndexes[i] as number
    let ratio = (odds[row] as number) * factor
    if (ratio > mostOdds) ratio = mostOdds
    else if (ratio < 1 / mostOdds) ratio = 1 / mostOdds
    odds[row] = ratio
    const negative = 1 / (1 + ratio)
    const positive = 1 - negative
    const dither = (Math.imul(row, 40_503) & 0xffff) / 65_536
    pairs[2 * row] = positive - (target[row] as number)
    pairs[2 * row + 1] = unit + Math.floor(positive * negative * steps + dither)
  }
}
