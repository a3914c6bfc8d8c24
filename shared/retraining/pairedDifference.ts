import { aucDifference, aucOf } from './auc.ts'
import { normalQuantile } from './normal.ts'

/** What two models are compared by; of a log loss less is better. */
export type Measure = 'AUC' | 'Accuracy' | 'Log Loss'

/** One row: whether it is positive, and what each model says. Probabilities; 0 or 1 where the model says the label. */
export type ScoredRow = { isPositive: boolean; candidate: number; champion?: number | undefined }

/**
 * How much better the new model is, with the interval that holds the true difference as often as `confidence` says. Above 0
 * the new model is better, whatever the measure.
 */
export type Difference = { measure: Measure; better: number; from: number; to: number; confidence: number }

const smallest = 1e-15

/** A model's figures on the rows; a figure that is not defined (AUC of one class only) is left out. Pure. */
export function figuresOf(
  rows: readonly ScoredRow[],
  who: 'candidate' | 'champion',
  isProbability: boolean,
): Record<string, number> {
  const scores = rows.map((row) => row[who] ?? Number.NaN)
  const labels = rows.map(({ isPositive }) => isPositive)
  const figures: Record<string, number> = {
    Accuracy: mean(rows.map((row, index) => isRight(row, scores[index]))),
  }
  if (isProbability) {
    figures.AUC = aucOf(scores, labels)
    figures['Log Loss'] = mean(rows.map((row, index) => lossOf(row, scores[index])))
  }
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)))
}

/**
 * Compares two models on the same rows. Accuracy and log loss: the mean of each row's difference with its normal interval.
 * AUC: the interval of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988). Undefined where the measure is: no rows, or
 * for AUC one class only. Pure.
 */
export function pairedDifference(
  measure: Measure,
  rows: readonly ScoredRow[],
  confidence: number,
): Difference | undefined {
  const estimated = measure === 'AUC' ? aucEstimate(rows) : meanEstimate(measure, rows)
  if (estimated === undefined || !Number.isFinite(estimated.better + estimated.error)) return undefined
  const reach = normalQuantile((1 + confidence) / 2) * estimated.error
  const { better } = estimated
  return { measure, better, from: better - reach, to: better + reach, confidence }
}

/** Whether the new model is surely not worse than the live one by more than the margin, surely worse, or neither. Pure. */
export function weighDifference({ from, to }: Difference, margin: number): 'holds' | 'worse' | 'unsure' {
  if (from >= -margin) return 'holds'
  return to < -margin ? 'worse' : 'unsure'
}

type Estimate = { better: number; error: number }

function aucEstimate(rows: readonly ScoredRow[]): Estimate | undefined {
  const labels = rows.map(({ isPositive }) => isPositive)
  const candidate = rows.map((row) => row.candidate)
  const champion = rows.map((row) => row.champion ?? Number.NaN)
  return aucDifference({ candidate, champion, labels })
}

function meanEstimate(measure: Measure, rows: readonly ScoredRow[]): Estimate | undefined {
  if (rows.length < 2) return undefined
  const differences = rows.map((row) =>
    measure === 'Accuracy'
      ? isRight(row, row.candidate) - isRight(row, row.champion)
      : lossOf(row, row.champion) - lossOf(row, row.candidate),
  )
  const better = mean(differences)
  const variance = differences.reduce((sum, one) => sum + (one - better) ** 2, 0) / (rows.length - 1)
  return { better, error: Math.sqrt(variance / rows.length) }
}

function isRight({ isPositive }: ScoredRow, score = Number.NaN): number {
  if (Number.isNaN(score)) return Number.NaN
  return score >= 0.5 === isPositive ? 1 : 0
}

function lossOf({ isPositive }: ScoredRow, score = Number.NaN): number {
  const right = isPositive ? score : 1 - score
  return -Math.log(Math.max(smallest, right))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
