import { describe, expect, test } from 'vitest'
import type { Holdout } from '../../../shared/retraining/holdout.ts'
import type { Run } from '../../../shared/retraining/run.ts'
import { scoreBoth } from '../../../shared/retraining/scoreBoth.ts'
import { readScores, type Scores, scoringRow, unfitHoldout } from '../../../shared/retraining/scores.ts'
import type { ScoringRow } from '../../../shared/retraining/services.ts'
import { settings } from '../../fakes/world.ts'

const staging = { ...settings.endpoint, url: 'https://management.azureml.net/endpoints/staging' }
const holdout: Holdout = {
  ...{ blob: 'held.csv', label: 'y', positive: '1', scored: 'p', measure: 'AUC', margin: 0, staging },
}
const run: Run = {
  ...{ customerId: 'contoso', model: 'census', generation: 2, state: 'trained', attempt: 1 },
  ...{ platformFailures: 0, manifest: 'm', trainingService: 's', timeline: [] },
  ...{ openedAtMs: 0, updatedAtMs: 0 },
}
const rows = Array.from({ length: 1_050 }, (_none, n) => ({ n: String(n), y: String(n % 2) }))
const sample = { kind: 'found' as const, etag: 'e1', seen: 1_050, rows }
const champion = { endpoint: settings.endpoint, generation: 1 }

/** An endpoint that takes `seconds` for a request. */
function service(seconds: number, kept?: Scores) {
  let nowMs = 0
  const asked: { url: string; rows: number; columns: string[] }[] = []
  const ports = {
    now: () => nowMs,
    async score({ url }: { url: string }, batch: readonly ScoringRow[]) {
      asked.push({ url, rows: batch.length, columns: Object.keys(batch[0] ?? {}) })
      nowMs += seconds * 1_000
      return batch.map(({ n }) => ({ p: String(Number(n) / (url.endsWith('staging') ? 2_000 : 4_000)) }))
    },
    readScores: async () => kept,
    writeScores: async () => undefined,
  }
  return { ports, asked }
}

test('rows go in requests of a hundred, without the label, to both endpoints', async () => {
  const { ports, asked } = service(0)
  const scored = await scoreBoth(ports, run, sample, { holdout, champion })
  if (scored.kind !== 'complete') throw new Error(scored.kind)
  expect(scored.scores.candidate).toEqual(rows.map(({ n }) => Number(n) / 2_000))
  expect(scored.scores.champion).toEqual(rows.map(({ n }) => Number(n) / 4_000))
  expect(asked).toHaveLength(22)
  expect(new Set(asked.map((one) => one.rows))).toEqual(new Set([100, 50]))
  expect(asked[0]?.columns).toEqual(['n'])
})

test('an invocation stops after a minute and a half; the next one goes on where it stopped', async () => {
  const first = await scoreBoth(service(12).ports, run, sample, { holdout, champion })
  if (first.kind !== 'partly') throw new Error(first.kind)
  expect(first.scores.candidate).toHaveLength(400)
  const { ports, asked } = service(0, first.scores)
  const second = await scoreBoth(ports, run, sample, { holdout, champion })
  if (second.kind !== 'complete') throw new Error(second.kind)
  expect(asked.filter(({ url }) => url.endsWith('staging')).map((one) => one.rows)).toEqual([
    ...new Array(6).fill(100),
    50,
  ])
  expect(second.scores.candidate).toEqual(rows.map(({ n }) => Number(n) / 2_000))
})

test.each<[of: string, change: Partial<Scores>]>([
  ['another file', { etag: 'e0' }],
  ['another attempt', { attempt: 0 }],
  ['another live model', { live: 7 }],
])('what was scored of %s is void', async (_of, change) => {
  const kept: Scores = { v: 1, etag: 'e1', attempt: 1, live: 1, candidate: [9], champion: [9], ...change }
  const scored = await scoreBoth(service(0, kept).ports, run, sample, { holdout, champion })
  expect(scored).toMatchObject({ kind: 'complete', scores: { etag: 'e1', live: 1 } })
  if (scored.kind === 'complete') expect(scored.scores.candidate[0]).toBe(0)
})

test('an endpoint that answers fewer rows than it was sent is not believed', async () => {
  const { ports } = service(0)
  const score = async () => [{ p: '0.5' }]
  expect(await scoreBoth({ ...ports, score }, run, sample, { holdout })).toEqual({
    kind: 'unfit',
    reason: 'the endpoint answered 1 rows for 100',
  })
})

describe('scores', () => {
  test.each<[when: string, change: Partial<Holdout>, cell: string, then: object]>([
    ['a probability', {}, '0.25', { kind: 'scores', scores: [0.25] }],
    ['a label', { scoredIs: 'label' }, '1', { kind: 'scores', scores: [1] }],
    ['another label', { scoredIs: 'label' }, 'x', { kind: 'scores', scores: [0] }],
    ['no number', {}, 'NaN', { kind: 'unfit', reason: "the endpoint's p is no probability" }],
    ['nothing', {}, '', { kind: 'unfit' }],
    ['above 1', {}, '1.5', { kind: 'unfit' }],
  ])('readScores: %s', (_when, change, p, then) => {
    expect(readScores({ ...holdout, ...change }, [{ p }])).toMatchObject(then)
  })

  test('labels are compared by accuracy only', () => {
    expect(unfitHoldout({ ...holdout, scoredIs: 'label' }, rows)).toContain('by Accuracy, not by AUC')
    expect(unfitHoldout({ ...holdout, scoredIs: 'label', measure: 'Accuracy' }, rows)).toBeUndefined()
  })

  test('columns to leave out take the place of the label', () => {
    expect(scoringRow({ ...holdout, omit: ['n'] }, { n: '1', y: '0' })).toEqual({ y: '0' })
  })
})
