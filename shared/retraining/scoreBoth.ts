import { concurrently } from './concurrently.ts'
import type { Holdout } from './holdout.ts'
import type { Run } from './run.ts'
import { readScores, type Scores, scoringRow } from './scores.ts'
import type { Endpoint, EndpointPort, ScoringRow } from './services.ts'
import type { Clock, HoldoutRows, HoldoutStore } from './stores.ts'

/** What scoring a sample needs. */
export type ScoreBothPorts = Pick<EndpointPort, 'score'> &
  Pick<HoldoutStore, 'readScores' | 'writeScores'> &
  Pick<Clock, 'now'>

/** The models to compare: the new one on the staging endpoint, the live one on the customer's own, where one is live. */
export type Contest = { holdout: Holdout; champion?: { endpoint: Endpoint; generation: number } | undefined }

/** All rows are scored; the invocation's time is over, the rest comes later; or an answer says something else. */
export type Scored = { kind: 'complete' | 'partly'; scores: Scores } | { kind: 'unfit'; reason: string }

/** Rows of one request, requests at once, and how long one invocation scores, in ms. */
export const batchRows = 100
const batchesAtOnce = 4
const budgetMs = 90_000

/**
 * Scores the sample with both models, in requests of a hundred rows, from where the last invocation stopped. Nothing is
 * kept here: the caller first sees that both endpoints still answer with the models they had.
 */
export async function scoreBoth(
  ports: ScoreBothPorts,
  run: Run,
  { etag, rows }: HoldoutRows,
  contest: Contest,
): Promise<Scored> {
  const live = contest.champion?.generation
  const kept = await ports.readScores(run)
  const isOurs = kept?.etag === etag && kept.attempt === run.attempt && kept.live === live
  let scores: Scores = isOurs ? kept : { v: 1, etag, attempt: run.attempt, live, candidate: [], champion: [] }
  const endsAtMs = ports.now() + budgetMs
  while (scores.candidate.length < rows.length) {
    if (ports.now() >= endsAtMs) return { kind: 'partly', scores }
    const from = scores.candidate.length
    const next = await scoreNext(ports, rows.slice(from, from + batchRows * batchesAtOnce), contest)
    if (next.kind === 'unfit') return next
    scores = {
      ...scores,
      candidate: [...scores.candidate, ...next.candidate],
      champion: [...scores.champion, ...next.champion],
    }
  }
  return { kind: 'complete', scores }
}

async function scoreNext(ports: ScoreBothPorts, rows: readonly ScoringRow[], contest: Contest) {
  const candidate = await scoreRows(ports, contest.holdout.staging, rows, contest.holdout)
  if (candidate.kind === 'unfit') return candidate
  const { champion } = contest
  if (champion === undefined) return { kind: 'scores' as const, candidate: candidate.scores, champion: [] }
  const live = await scoreRows(ports, champion.endpoint, rows, contest.holdout)
  if (live.kind === 'unfit') return live
  return { kind: 'scores' as const, candidate: candidate.scores, champion: live.scores }
}

async function scoreRows(
  ports: ScoreBothPorts,
  endpoint: Endpoint,
  rows: readonly ScoringRow[],
  holdout: Holdout,
) {
  const batches: ScoringRow[][] = []
  for (let from = 0; from < rows.length; from += batchRows) {
    batches.push(rows.slice(from, from + batchRows).map((row) => scoringRow(holdout, row)))
  }
  const answers = await concurrently(batches, batchesAtOnce, (batch) => ports.score(endpoint, batch))
  const short = answers.findIndex((answer, index) => answer.length !== batches[index]?.length)
  if (short >= 0) {
    const [sent, got] = [batches[short]?.length ?? 0, answers[short]?.length ?? 0]
    return { kind: 'unfit' as const, reason: `the endpoint answered ${got} rows for ${sent}` }
  }
  return readScores(holdout, answers.flat())
}
