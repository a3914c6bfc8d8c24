import type { BinMatrix, Feature } from './matrix.ts'

/** Sums over a node's rows: gradients, and hessians packed with counts (see Gradients). */
export type Sums = { gradient: number; packed: number }

/** The best split of a node. `bin` is the last that goes to `yes` (a level: the one that does). */
export type Split = { gain: number; feature: Feature; bin: number; missingYes: boolean; yes: Sums }

/** What a split must keep to, and how packed sums are read. */
export type SplitRules = { unit: number; steps: number; minimumLeafInstances: number }

const leastHessian = 1e-3
const leastGain = 1e-9

/** Gain in loss (twice) of a leaf of these sums over a leaf of value 0. */
function leafScore(sums: Sums, rules: SplitRules): number {
  return (sums.gradient * sums.gradient) / hessianOf(sums, rules)
}

/** The value that a leaf of these sums is best at; 0 where its rows are as good as certain. */
export function leafValue(sums: Sums, rules: SplitRules): number {
  const hessian = hessianOf(sums, rules)
  return hessian < leastHessian ? 0 : -sums.gradient / hessian
}

/** Sum of hessians out of a packed sum. */
function hessianOf({ packed }: Sums, { unit, steps }: SplitRules): number {
  return (packed - Math.floor(packed / unit) * unit) / steps
}

/** Finds the split of most gain; undefined where none keeps to the rules. */
export function findSplit(
  histogram: Float64Array,
  matrix: BinMatrix,
  sums: Sums,
  rules: SplitRules,
): Split | undefined {
  const search = createSearch(histogram, sums, rules)
  for (const feature of matrix.features) {
    if (feature.kind === 'level') searchLevels(search, feature)
    else searchBounds(search, feature)
  }
  const { feature, bin, missingYes, gradient, packed } = search
  const gain = search.score - leafScore(sums, rules)
  if (feature === undefined || !(gain > leastGain)) return undefined
  return { gain, feature, bin, missingYes, yes: { gradient, packed } }
}

type Search = {
  histogram: Float64Array
  rules: SplitRules
  sums: Sums
  leastPacked: number
  mostPacked: number
  score: number
  feature: Feature | undefined
  bin: number
  missingYes: boolean
  gradient: number
  packed: number
}

function createSearch(histogram: Float64Array, sums: Sums, rules: SplitRules): Search {
  const least = rules.minimumLeafInstances * rules.unit
  return {
    histogram,
    rules,
    sums,
    leastPacked: least,
    mostPacked: (Math.floor(sums.packed / rules.unit) - rules.minimumLeafInstances + 1) * rules.unit,
    score: 0,
    feature: undefined,
    bin: 0,
    missingYes: false,
    gradient: 0,
    packed: 0,
  }
}

function searchLevels(search: Search, feature: Feature): void {
  const { histogram } = search
  const first = 2 * feature.slot
  for (let bin = 0; bin < feature.bins; bin++) {
    const packed = histogram[first + 2 * bin + 1] as number
    if (packed >= search.leastPacked && packed < search.mostPacked) {
      consider(search, feature, bin, { gradient: histogram[first + 2 * bin] as number, packed })
    }
  }
}

function searchBounds(search: Search, feature: Feature): void {
  const { histogram, leastPacked, mostPacked } = search
  const first = 2 * feature.slot
  const start = startOf(search, feature)
  let { gradient, packed } = start
  // With missing numbers the last bin may end `yes` as well: present against missing.
  const end = feature.hasMissing ? feature.bins : feature.bins - 1
  for (let bin = 0; bin < end; bin++) {
    if (feature.kind === 'number' || bin > 0) {
      gradient += histogram[first + 2 * bin] as number
      packed += histogram[first + 2 * bin + 1] as number
    }
    if (packed >= mostPacked) break
    if (packed >= leastPacked) consider(search, feature, bin, { gradient, packed })
  }
  if (feature.hasMissing) searchWithMissing(search, feature)
}

/** A hashed column's bin 0 is not stored: it has what the others have not. */
function startOf(search: Search, feature: Feature): Sums {
  if (feature.kind === 'number') return { gradient: 0, packed: 0 }
  let { gradient, packed } = search.sums
  for (let bin = 1; bin < feature.bins; bin++) {
    gradient -= search.histogram[2 * (feature.slot + bin)] as number
    packed -= search.histogram[2 * (feature.slot + bin) + 1] as number
  }
  return { gradient, packed }
}

/** The same splits with the missing numbers on the `yes` side. */
function searchWithMissing(search: Search, feature: Feature): void {
  const { histogram, leastPacked, mostPacked } = search
  const first = 2 * feature.slot
  let gradient = histogram[first + 2 * feature.bins] as number
  let packed = histogram[first + 2 * feature.bins + 1] as number
  if (packed < search.rules.unit) return
  for (let bin = 0; bin < feature.bins - 1; bin++) {
    gradient += histogram[first + 2 * bin] as number
    packed += histogram[first + 2 * bin + 1] as number
    if (packed >= mostPacked) return
    if (packed >= leastPacked && consider(search, feature, bin, { gradient, packed }))
      search.missingYes = true
  }
}

function consider(search: Search, feature: Feature, bin: number, yes: Sums): boolean {
  const { unit, steps } = search.rules
  const noPacked = search.sums.packed - yes.packed
  const yesHessian = (yes.packed - Math.floor(yes.packed / unit) * unit) / steps
  const noHessian = (noPacked - Math.floor(noPacked / unit) * unit) / steps
  if (yesHessian < leastHessian || noHessian < leastHessian) return false
  const noGradient = search.sums.gradient - yes.gradient
  const score = (yes.gradient * yes.gradient) / yesHessian + (noGradient * noGradient) / noHessian
  if (score <= search.score) return false
  search.score = score
  search.feature = feature
  search.bin = bin
  search.missingYes = false
  search.gradient = yes.gradient
  search.packed = yes.packed
  return true
}
