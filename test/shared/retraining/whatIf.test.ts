import { expect, test } from 'vitest'
import { TerminalError } from '../../../shared/retraining/errors.ts'
import type { Run } from '../../../shared/retraining/run.ts'
import type { LimitsGate } from '../../../shared/retraining/settings.ts'
import { gateWith, rejudge, type WhatIfPorts, whatIf } from '../../../shared/retraining/whatIf.ts'
import { settings } from '../../fakes/world.ts'

const limits = ['AUC >= live - 0.005']
const gate = gateWith(limits, undefined)

/** A run that trained at hour `generation`, and is live from then on where it updated. */
function runOf(generation: number, AUC: number, change: Partial<Run> = {}): Run {
  const atMs = generation * 3_600_000
  return {
    ...{ customerId: 'contoso', model: 'census', generation, state: 'superseded', attempt: 1 },
    ...{ platformFailures: 0, manifest: 'm', trainingService: 's', timeline: [], metrics: { AUC } },
    ...{ openedAtMs: atMs, updatedAtMs: atMs, trainedAtMs: atMs, warrant: 'gatePassed', liveAtMs: atMs + 1 },
    ...change,
  }
}

test('runs from before decisions were kept are compared with the model that was live by then', () => {
  const runs = [runOf(3, 0.8), runOf(2, 0.7, { liveAtMs: undefined, state: 'failed' }), runOf(1, 0.82)]
  const { changed, judged } = rejudge(gate, { runs, since: 0 })
  expect(judged).toBe(3)
  expect(changed).toMatchObject([
    { generation: 3, was: 'update', wouldBe: 'reject', live: 1 },
    { generation: 2, was: 'update', wouldBe: 'reject', live: 1 },
  ])
})

test('what was recorded wins: the generation compared with, and what the gate said, whoever overruled it', () => {
  const decision = { decidedAtMs: 0, verdict: 'reject' as const, gate: 'x', live: 1, limits: [] }
  const runs = [runOf(3, 0.815, { decision, state: 'live', warrant: 'override' }), runOf(1, 0.82)]
  const { changed } = rejudge(gate, { runs, since: 7_200_000 })
  expect(changed).toMatchObject([{ generation: 3, was: 'reject', wouldBe: 'update', live: 1, state: 'live' }])
})

test('runs that never got metrics, and older ones, are not judged', () => {
  const runs = [runOf(2, 0.8, { metrics: undefined, warrant: undefined, state: 'failed' }), runOf(1, 0.5)]
  expect(rejudge(gate, { runs, since: 7_200_000 })).toEqual({ changed: [], judged: 0 })
})

/** 250 models on three pages, two runs each: the second one is worse. */
function fleet(tickMs: number) {
  let nowMs = 0
  const asked: string[] = []
  const ports: WhatIfPorts = {
    now: () => (nowMs += tickMs),
    async listModels(next) {
      const from = Number(next ?? 0)
      const items = Array.from({ length: Math.min(100, 250 - from) }, (_none, index) => ({
        customerId: `c${from + index}`,
        model: 'census',
      }))
      return from + 100 < 250 ? { items, next: String(from + 100) } : { items }
    },
    async readRuns({ customerId }) {
      asked.push(customerId)
      return [runOf(2, 0.8, { customerId }), runOf(1, 0.82, { customerId })]
    },
    readRun: async () => undefined,
    readSettings: async () => undefined,
  }
  return { ports, asked }
}

test.each([
  ['its time is over', 9_000, 500],
  ['enough is found', 0, 7],
])(
  'a page ends when %s; the next goes on where it stopped, and none is looked at twice',
  async (_when, tickMs, most) => {
    const { ports, asked } = fleet(tickMs)
    const found: number[] = []
    let pages = 0
    for (
      let from: Parameters<typeof whatIf>[2]['from'] | undefined = { models: 0 };
      from !== undefined;
      pages++
    ) {
      const page: Awaited<ReturnType<typeof whatIf>> = await whatIf(
        ports,
        { limits, sinceMs: 0 },
        { from, most },
      )
      found.push(...page.changed.map(({ generation }) => generation))
      from = page.cursor
    }
    expect(pages).toBeGreaterThan(20)
    expect(asked).toEqual(Array.from({ length: 250 }, (_none, index) => `c${index}`))
    expect(found).toEqual(new Array(250).fill(2))
  },
)

test('whom a gate asks stays; a holdout counts for the runs that have its figures', () => {
  const asks: LimitsGate = {
    ...{ kind: 'limits', limits: ['AUC >= 0.99'], approval: 'always', missing: 'approve' },
    holdout: {
      ...{ blob: 'held.csv', label: 'y', positive: '1', scored: 'p', measure: 'AUC', margin: 0 },
      staging: settings.endpoint,
    },
  }
  const decision = { decidedAtMs: 0, verdict: 'approve' as const, gate: 'x', limits: [] }
  const measured = { measuredAtMs: 0, blob: 'held.csv', problem: 'no blob' }
  const runs = [
    runOf(2, 0.8, { decision, holdout: measured }),
    runOf(1, 0.8, { decision, warrant: undefined, state: 'awaitingApproval' }),
  ]
  expect(rejudge(gateWith(['AUC >= 0.7'], asks), { runs, since: 0 })).toEqual({ changed: [], judged: 2 })
  const strict = gateWith(['AUC >= 0.9'], asks)
  expect(rejudge(strict, { runs, since: 0 }).changed).toMatchObject([
    { generation: 2, was: 'approve', wouldBe: 'reject' },
    { generation: 1, was: 'approve', wouldBe: 'reject' },
  ])
})

test('one model’s damaged rows are named, and the others judged', async () => {
  const { ports } = fleet(0)
  const readSettings = async ({ customerId }: { customerId: string }) => {
    if (customerId === 'c2') throw new TerminalError('Cannot read a customers row: wrong or missing: gate')
    return undefined
  }
  const asked = { limits, sinceMs: 0 }
  const page = await whatIf({ ...ports, readSettings }, asked, { from: { models: 0 }, most: 500 })
  expect(page).toMatchObject({
    models: 250,
    judged: 498,
    unreadable: [{ customerId: 'c2', model: 'census' }],
  })
})
