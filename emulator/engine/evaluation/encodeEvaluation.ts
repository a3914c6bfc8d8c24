import type { Evaluation } from './evaluate.ts'

/** Columns of the evaluation CSV, in order. Source: Evaluate Model, metrics for classification models. */
const columns: [name: string, key: keyof Evaluation][] = [
  ['AUC', 'auc'],
  ['Accuracy', 'accuracy'],
  ['Precision', 'precision'],
  ['Recall', 'recall'],
  ['F1 Score', 'f1Score'],
  ['Log Loss', 'logLoss'],
  ['Training Log Loss', 'trainingLogLoss'],
  ['True Positive', 'truePositives'],
  ['False Negative', 'falseNegatives'],
  ['False Positive', 'falsePositives'],
  ['True Negative', 'trueNegatives'],
]

/**
 * CSV: metric names in line 1, numbers in line 2. All are `NaN` where no rows could be held out (a class with fewer
 * than two rows), one is where it isn't defined (precision without a row called positive).
 */
export function encodeEvaluation(evaluation: Evaluation | undefined): string {
  const numbers = columns.map(([, key]) => String(evaluation?.[key] ?? Number.NaN))
  return `${columns.map(([name]) => name).join(',')}\r\n${numbers.join(',')}\r\n`
}
