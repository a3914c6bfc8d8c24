/** The area under the ROC curve: how often a positive row scores above a negative one, ties half. NaN with one class only. Pure. */
export function aucOf(scores: readonly number[], labels: readonly boolean[]): number {
  return mean(placements(scores, labels).positives)
}

/**
 * The difference of two models' areas on the same rows and its standard error. Undefined with fewer than two rows of a
 * class. Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); by ranks: Sun and Xu, IEEE SPL 21 (2014). Pure.
 */
export function aucDifference(rows: {
  candidate: readonly number[]
  champion: readonly number[]
  labels: readonly boolean[]
}): { better: number; error: number } | undefined {
  const one = placements(rows.candidate, rows.labels)
  const other = placements(rows.champion, rows.labels)
  if (one.positives.length < 2 || one.negatives.length < 2) return undefined
  const ofPositives = one.positives.map((value, index) => value - (other.positives[index] ?? 0))
  const ofNegatives = one.negatives.map((value, index) => value - (other.negatives[index] ?? 0))
  const variance = varianceOf(ofPositives) / ofPositives.length + varianceOf(ofNegatives) / ofNegatives.length
  return { better: mean(ofPositives), error: Math.sqrt(variance) }
}

/**
 * For each positive row the share of negatives it scores above, for each negative one the share of positives above it, in
 * the order of the rows.
 */
function placements(scores: readonly number[], labels: readonly boolean[]) {
  const all = midranks(scores)
  const of = (wanted: boolean) => {
    const indexes = labels.flatMap((label, index) => (label === wanted ? [index] : []))
    const own = midranks(indexes.map((index) => scores[index] ?? Number.NaN))
    return indexes.map((index, at) => (all[index] ?? 0) - (own[at] ?? 0))
  }
  const [above, below] = [of(true), of(false)]
  return {
    positives: above.map((count) => count / below.length),
    negatives: below.map((count) => 1 - count / above.length),
  }
}

/** Ranks from 1; what is equal shares the middle one. */
function midranks(values: readonly number[]): number[] {
  const order = values.map((_value, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Array<number>(values.length).fill(0)
  for (let from = 0; from < order.length; ) {
    let before = from
    while (before < order.length && values[order[before] ?? 0] === values[order[from] ?? 0]) before++
    for (let at = from; at < before; at++) ranks[order[at] ?? 0] = (from + 1 + before) / 2
    from = Math.max(before, from + 1)
  }
  return ranks
}

function varianceOf(values: readonly number[]): number {
  const middle = mean(values)
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
