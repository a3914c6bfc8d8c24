import type { CategoricalColumn, NumericColumn } from '../table.ts'

/** The most bins of a column, one for missing numbers or for rare levels not counted. */
export const mostBins = 254
const mostSampled = 200_000

/**
 * Upper bounds of a numeric column's bins, ascending: bin b holds `x <= bounds[b]`, the last bin the rest. A bound
 * lies between two values that occur, as a float32. Up to 254 distinct values each have a bin; else bins hold equal
 * shares of (at most 200,000, evenly spaced) rows.
 */
export function numericBounds(column: NumericColumn): Float32Array {
  const stride = Math.ceil(column.values.length / mostSampled)
  const sample =
    stride > 1
      ? Float32Array.from({ length: Math.floor(column.values.length / stride) }, (_, i) =>
          at(column.values, i * stride),
        )
      : column.values.slice()
  sample.sort()
  let present = sample.length
  while (present > 0 && Number.isNaN(at(sample, present - 1))) present--
  const distinct = distinctValues(sample, present)
  const values = distinct.length <= mostBins ? distinct : quantiles(sample, present)
  const bounds = new Float32Array(Math.max(values.length - 1, 0))
  for (let i = 0; i < bounds.length; i++) bounds[i] = between(at(values, i), at(values, i + 1))
  return bounds
}

const at = (values: Float32Array, index: number) => values[index] as number

function distinctValues(sorted: Float32Array, length: number): Float32Array {
  const distinct = new Float32Array(length)
  let used = 0
  for (let i = 0; i < length; i++) {
    if (i === 0 || at(sorted, i) !== at(sorted, i - 1)) distinct[used++] = at(sorted, i)
  }
  return distinct.subarray(0, used)
}

function quantiles(sorted: Float32Array, length: number): Float32Array {
  const picked = new Float32Array(mostBins)
  for (let bin = 0; bin < mostBins; bin++)
    picked[bin] = at(sorted, Math.floor(((bin + 0.5) * length) / mostBins))
  return distinctValues(picked, mostBins)
}

function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2)
  return middle < high ? middle : low
}

/** Bin of every row; missing numbers have the bin after the last, `bounds.length + 1`. */
export function numericBins(column: NumericColumn, bounds: Float32Array): Uint8Array {
  const { values } = column
  const bins = new Uint8Array(values.length)
  for (let row = 0; row < values.length; row++) bins[row] = binOf(values[row] as number, bounds)
  return bins
}

function binOf(value: number, bounds: Float32Array): number {
  if (Number.isNaN(value)) return bounds.length + 1
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value <= (bounds[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}

/** The most frequent levels' codes, at most `most`, in order of code: what a model knows of the column. */
export function frequentLevels(column: CategoricalColumn, most: number): Int32Array {
  const counts = new Int32Array(column.levels.length)
  for (const code of column.codes) counts[code] = (counts[code] as number) + 1
  const seen = Int32Array.from(counts.keys()).filter((code) => (counts[code] as number) > 0)
  if (seen.length <= most) return seen
  return seen
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
    .slice(0, most)
    .sort()
}
