import { areaUnderCurve } from './auc.ts'

/** What Evaluate Model measures of a two-class model at threshold 0.5. A number that isn't defined is NaN. */
export type Evaluation = {
  auc: number
  accuracy: number
  precision: number
  recall: number
  f1Score: number
  /** Mean over the rows, natural logarithm. */
  logLoss: number
  /** By how many percent the log loss is better than that of always saying the share of positives. */
  trainingLogLoss: number
  truePositives: number
  falseNegatives: number
  falsePositives: number
  trueNegatives: number
}

const leastProbability = 1e-15

/** Measures probabilities of the positive class against the truth (1 positive, 0 negative); probability > 0.5 is positive. */
export function evaluate(probabilities: Float64Array, target: Uint8Array): Evaluation {
  const counts = countOutcomes(probabilities, target)
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = counts
  const rows = target.length
  const precision = truePositives / (truePositives + falsePositives)
  const recall = truePositives / (truePositives + falseNegatives)
  const logLoss = meanLogLoss(probabilities, target)
  const share = (truePositives + falseNegatives) / rows
  const prior = -(share * Math.log(share) + (1 - share) * Math.log(1 - share))
  return {
    auc: areaUnderCurve(probabilities, target),
    accuracy: (truePositives + trueNegatives) / rows,
    precision,
    recall,
    f1Score: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    logLoss,
    trainingLogLoss: (100 * (prior - logLoss)) / prior,
    ...counts,
  }
}

function countOutcomes(probabilities: Float64Array, target: Uint8Array) {
  const counts = [0, 0, 0, 0]
  probabilities.forEach((probability, row) => {
    const outcome = 2 * (target[row] as number) + Number(probability > 0.5)
    counts[outcome] = (counts[outcome] as number) + 1
  })
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = counts as [
    number,
    number,
    number,
    number,
  ]
  return { truePositives, falseNegatives, falsePositives, trueNegatives }
}

function meanLogLoss(probabilities: Float64Array, target: Uint8Array): number {
  let sum = 0
  probabilities.forEach((probability, row) => {
    const right = target[row] === 1 ? probability : 1 - probability
    sum -= Math.log(Math.max(right, leastProbability))
  })
  return sum / target.length
}
