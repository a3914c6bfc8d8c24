/** A held-out row after scoring: its true label and the probability the endpoint gave. */
export type ScoredRow = { isPositive: boolean; scoredLabel: string; probability: number }

/** How well an endpoint scores held-out rows. `auc` is undefined when they have one class only. */
export type Quality = { rows: number; positives: number; auc?: number; accuracy: number }

/** AUC (ties count half) and the share of labels that are right. Pure. Throws on no rows or a probability that is no number. */
export function measure(rows: readonly ScoredRow[], positiveLabel: string): Quality {
  if (rows.length === 0) throw new Error('Cannot measure the endpoint: there are no held-out rows')
  if (rows.some((row) => !Number.isFinite(row.probability))) {
    throw new Error('Cannot measure the endpoint: a scored probability is no number')
  }
  const positives = rows.filter((row) => row.isPositive).length
  const right = rows.filter((row) => (row.scoredLabel === positiveLabel) === row.isPositive).length
  const auc = areaUnderCurve(rows)
  return { rows: rows.length, positives, ...(auc !== undefined && { auc }), accuracy: right / rows.length }
}

/** The Mann-Whitney form: the chance that a positive row scores above a negative one. */
function areaUnderCurve(rows: readonly ScoredRow[]): number | undefined {
  const sorted = rows.toSorted((a, b) => a.probability - b.probability)
  let rankSum = 0
  let positives = 0
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && sorted[to]?.probability === sorted[from]?.probability) to += 1
    const tied = sorted.slice(from, to).filter((row) => row.isPositive).length
    rankSum += (tied * (from + 1 + to)) / 2
    positives += tied
    from = to
  }
  const negatives = sorted.length - positives
  if (positives === 0 || negatives === 0) return undefined
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
