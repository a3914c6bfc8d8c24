import type { Difference, Measure } from './pairedDifference.ts'
import type { Endpoint } from './services.ts'

/** Rows that no model trained on, on which the live model and the new one are compared before the endpoint is updated. */
export type Holdout = {
  /** Blob in container `holdouts`, below `{customerId}/{model}/`: a CSV with a header and the label. */
  blob: string
  label: string
  /** The label's value that the probability is of. */
  positive: string
  /** The column of the endpoint's answer that is compared: a probability, or the label itself. */
  scored: string
  scoredIs?: 'probability' | 'label' | undefined
  /** Columns of the CSV that are not sent for scoring; the label where absent. */
  omit?: readonly string[] | undefined
  measure: Measure
  /** How much worse than the live model the new one may be. */
  margin: number
  /** Of the interval around the difference, 0.95 where absent. */
  confidence?: number | undefined
  /** Where the interval is on both sides of the margin; `approve` where absent. */
  unsure?: 'update' | 'approve' | 'reject' | undefined
  /** How many rows are scored at most, sampled where there are more; 1,000 where absent. */
  mostRows?: number | undefined
  /** An endpoint of the predictive web service that answers no customer: the new model is installed there to be scored. */
  staging: Endpoint
}

/** What scoring both models on the same rows came to: kept on the run. */
export type HoldoutResult = {
  measuredAtMs: number
  blob: string
  etag?: string | undefined
  /** Rows of the blob, and how many of them were scored. */
  rows?: number | undefined
  scored?: number | undefined
  /** The generation that was live; absent where none was. */
  live?: number | undefined
  /** Figures of the new model, and of the live one on the same rows: `AUC`, `Accuracy`, `Log Loss`. */
  candidate?: Readonly<Record<string, number>> | undefined
  champion?: Readonly<Record<string, number>> | undefined
  difference?: Difference | undefined
  /** Why there are no figures. */
  problem?: string | undefined
}

/** The most rows where the settings say nothing, and the most they may say. */
export const usualRows = 1_000
export const mostRows = 10_000

/** Figures by the names that limits know them under: `holdout AUC`. Pure. */
export function namedFigures(figures: Readonly<Record<string, number>> | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(figures ?? {}).map(([name, value]) => [`holdout ${name}`, value]))
}
