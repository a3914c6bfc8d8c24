import type { Holdout, HoldoutResult } from './holdout.ts'
import { figuresOf, pairedDifference, type ScoredRow } from './pairedDifference.ts'
import type { ScoringRow } from './services.ts'

/** What both models said of the first rows of the sample, kept between invocations; void for another file, attempt or live model. */
export type Scores = {
  v: 1
  etag: string
  attempt: number
  live?: number | undefined
  candidate: readonly number[]
  champion: readonly number[]
}

const usualConfidence = 0.95

/** Why a holdout can't be used, in words; undefined when it can. Pure. */
export function unfitHoldout(holdout: Holdout, rows: readonly ScoringRow[]): string | undefined {
  if (holdout.scoredIs === 'label' && holdout.measure !== 'Accuracy')
    return `labels are compared by Accuracy, not by ${holdout.measure}`
  const [first] = rows
  if (first === undefined) return 'it has no rows'
  const columns = Object.keys(first)
  if (!columns.includes(holdout.label))
    return `it has no column ${holdout.label}; it has ${columns.join(', ').slice(0, 300)}`
  if (!rows.some((row) => row[holdout.label] === holdout.positive))
    return `no row's ${holdout.label} is ${holdout.positive}`
  return undefined
}

/** A row as it is sent for scoring: without the label, or what the settings leave out. Pure. */
export function scoringRow({ label, omit = [label] }: Holdout, row: ScoringRow): ScoringRow {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !omit.includes(column)))
}

/** Reads the scores out of an endpoint's answers, or says why they can't be. Labels are 1 and 0. Pure. */
export function readScores(
  { scored, scoredIs = 'probability', positive }: Holdout,
  answers: readonly Readonly<Record<string, string>>[],
): { kind: 'scores'; scores: number[] } | { kind: 'unfit'; reason: string } {
  const scores: number[] = []
  for (const answer of answers) {
    const cell = answer[scored]
    if (cell === undefined) {
      const columns = Object.keys(answer).join(', ').slice(0, 300)
      return { kind: 'unfit', reason: `the endpoint's answer has no column ${scored}; it has ${columns}` }
    }
    const score = scoredIs === 'label' ? (cell === positive ? 1 : 0) : Number(cell)
    if (cell === '' || !(score >= 0 && score <= 1)) {
      return { kind: 'unfit', reason: `the endpoint's ${scored} is no probability` }
    }
    scores.push(score)
  }
  return { kind: 'scores', scores }
}

/** The figures of both models and their difference. Pure. */
export function holdoutFigures(
  holdout: Holdout,
  rows: readonly ScoringRow[],
  scores: Pick<Scores, 'candidate' | 'champion' | 'live'>,
): Pick<HoldoutResult, 'candidate' | 'champion' | 'difference'> {
  const scored = rows.map(
    (row, index): ScoredRow => ({
      isPositive: row[holdout.label] === holdout.positive,
      candidate: scores.candidate[index] ?? Number.NaN,
      champion: scores.champion[index],
    }),
  )
  const isProbability = holdout.scoredIs !== 'label'
  const candidate = figuresOf(scored, 'candidate', isProbability)
  if (scores.live === undefined) return { candidate }
  const confidence = holdout.confidence ?? usualConfidence
  return {
    candidate,
    champion: figuresOf(scored, 'champion', isProbability),
    difference: pairedDifference(holdout.measure, scored, confidence),
  }
}
