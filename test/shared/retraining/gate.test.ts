import { describe, expect, test } from 'vitest'
import { type Candidate, judge, type LiveModel, printGate } from '../../../shared/retraining/gate.ts'
import type { Holdout, HoldoutResult } from '../../../shared/retraining/holdout.ts'
import type { LimitsGate } from '../../../shared/retraining/settings.ts'
import { settings } from '../../fakes/world.ts'

const candidate: Candidate = {
  metrics: { AUC: 0.85, Accuracy: 0.8, 'Log Loss': 0.4 },
  oddMetrics: { Precision: 'NaN' },
}
const live: LiveModel = { generation: 3, metrics: { AUC: 0.86, Accuracy: 0.8, 'Log Loss': 0.41 } }
const gateOf = (limits: string[], more: Partial<LimitsGate> = {}): LimitsGate => ({
  kind: 'limits',
  limits,
  ...more,
})

test('the gate always names the first model as the warrant, later the gate', () => {
  expect(judge({ kind: 'always' }, candidate, undefined)).toMatchObject({ warrant: 'firstModel' })
  expect(judge({ kind: 'always' }, candidate, live)).toMatchObject({ warrant: 'gatePassed' })
})

const band = gateOf(['AUC >= 0.7'], { approval: { outside: ['AUC >= live - 0.01'] } })

test.each<[when: string, gate: LimitsGate, auc: number, live: LiveModel | undefined, then: string]>([
  ['above a number', gateOf(['AUC >= 0.8']), 0.85, live, 'update'],
  ['at the number', gateOf(['AUC >= 0.85']), 0.85, live, 'update'],
  ['below the number', gateOf(['AUC >= 0.9']), 0.85, live, 'reject'],
  ['within the allowed drop', gateOf(['AUC >= live - 0.01']), 0.85, live, 'update'],
  ['below the allowed drop', gateOf(['AUC >= live - 0.005']), 0.85, live, 'reject'],
  ['no live model to compare with', gateOf(['AUC >= live - 0.005']), 0.85, undefined, 'update'],
  ['no live model, but a number', gateOf(['AUC >= live and AUC >= 0.9']), 0.85, undefined, 'reject'],
  ['one of several is broken', gateOf(['AUC >= 0.8', 'Accuracy > 0.9']), 0.85, live, 'reject'],
  ['a name of other case', gateOf(['auc >= 0.8']), 0.85, live, 'update'],
  ['less is better', gateOf(['Log Loss <= live + 0.01']), 0.85, live, 'update'],
  ['inside the band', band, 0.85, live, 'update'],
  ['outside the band', band, 0.8, live, 'approve'],
  ['below the band and the limit', band, 0.69, live, 'reject'],
  ['an approval always', gateOf(['AUC >= 0.7'], { approval: 'always' }), 0.85, live, 'approve'],
  ['an approval always, but broken', gateOf(['AUC >= 0.9'], { approval: 'always' }), 0.85, live, 'reject'],
  ['no limits at all', gateOf([]), 0.85, live, 'update'],
])('judge: %s', (_when, gate, AUC, before, then) => {
  const judged = judge(gate, { ...candidate, metrics: { ...candidate.metrics, AUC } }, before)
  expect(judged.kind).toBe(then)
  expect(judged.decision).toMatchObject({ verdict: then, gate: printGate(gate) })
})

describe('figures that are missing or odd never pass', () => {
  test.each<[when: string, gate: LimitsGate, live: LiveModel | undefined, then: string]>([
    ['missing', gateOf(['F1 Score >= 0.1']), live, 'reject'],
    ['no finite number', gateOf(['Precision >= 0.1']), live, 'reject'],
    ['missing, and no model is live', gateOf(['F1 Score >= live']), undefined, 'reject'],
    ['missing of the live model', gateOf(['AUC >= live']), { generation: 3, metrics: {} }, 'reject'],
    ['where a person is to be asked', gateOf(['F1 Score >= 0.1'], { missing: 'approve' }), live, 'approve'],
    ['in the band', gateOf(['AUC > 0'], { approval: { outside: ['F1 Score > 0'] } }), live, 'approve'],
  ])('%s', (_when, gate, before, then) => {
    const judged = judge(gate, candidate, before)
    expect(judged.kind).toBe(then)
    expect(judged.text).toContain('the evaluation has AUC, Accuracy, Log Loss, and no finite Precision "NaN"')
  })
})

test('the sentence has the numbers, what decided first', () => {
  const judged = judge(gateOf(['Accuracy >= 0.5', 'AUC >= live - 0.005']), candidate, live)
  expect(judged.text).toBe(
    'rejected by the gate: AUC >= live - 0.005 is broken (0.85, at bound 0.855, live 0.86); Accuracy >= 0.5 holds (0.8)',
  )
  expect(judged.decision.limits).toContainEqual({
    ...{ limit: 'AUC >= live - 0.005', outcome: 'broken' },
    ...{ candidate: 0.85, live: 0.86, bound: 0.855 },
  })
  expect(judged.decision.live).toBe(3)
})

test('limits that were not judged say so', () => {
  const { text } = judge(gateOf(['AUC >= live']), candidate, undefined)
  expect(text).toBe('passed the gate: AUC >= live is not judged: no model is live (0.85)')
})

describe('with rows held out', () => {
  const holdout: Holdout = {
    ...{ blob: 'held.csv', label: 'y', positive: '1', scored: 'Scored Probabilities' },
    ...{ measure: 'AUC', margin: 0.01, staging: settings.endpoint },
  }
  const result = (from: number, to: number): HoldoutResult => ({
    ...{ measuredAtMs: 0, blob: 'held.csv', rows: 900, scored: 900, live: 3 },
    ...{ candidate: { AUC: 0.8 }, champion: { AUC: 0.81 } },
    difference: { measure: 'AUC', better: (from + to) / 2, from, to, confidence: 0.95 },
  })

  test.each<[when: string, more: Partial<LimitsGate>, result: HoldoutResult | undefined, then: string]>([
    ['surely not worse', { holdout }, result(-0.005, 0.02), 'update'],
    ['surely worse', { holdout }, result(-0.09, -0.02), 'reject'],
    ['not sure: asks', { holdout }, result(-0.02, 0.02), 'approve'],
    ['not sure: as set', { holdout: { ...holdout, unsure: 'reject' } }, result(-0.02, 0.02), 'reject'],
    ['not sure: let through', { holdout: { ...holdout, unsure: 'update' } }, result(-0.02, 0.02), 'update'],
    ['not measured', { holdout }, undefined, 'reject'],
    ['a problem', { holdout }, { measuredAtMs: 0, blob: 'held.csv', problem: 'no blob' }, 'reject'],
    ['a problem: asks', { holdout, missing: 'approve' }, undefined, 'approve'],
    ['one class only', { holdout }, { ...result(0, 0), difference: undefined }, 'reject'],
    ['its own limits', { holdout, limits: ['holdout AUC >= live'] }, result(0, 0), 'reject'],
  ])('%s', (_when, more, measured, then) => {
    const gate = gateOf(['holdout AUC >= 0'], more)
    const bare = measured === undefined ? { ...gate, limits: [] } : gate
    const judged = judge(
      measured?.problem === undefined ? bare : { ...gate, limits: [] },
      { ...candidate, holdout: measured },
      live,
    )
    expect(judged.kind).toBe(then)
  })

  test('the first model is held against numbers only', () => {
    const first = { ...result(0, 0), live: undefined, champion: undefined, difference: undefined }
    const judged = (limit: string) =>
      judge(gateOf([limit, 'holdout AUC >= live'], { holdout }), { ...candidate, holdout: first }, undefined)
    expect(judged('holdout AUC >= 0.7').kind).toBe('update')
    expect(judged('holdout AUC >= 0.9').kind).toBe('reject')
    expect(judged('holdout AUC >= 0.7').text).toContain('none is live')
  })
})

test('a gate in words', () => {
  expect(printGate(band)).toBe('AUC >= 0.7; asks outside AUC >= live - 0.01')
  expect(printGate({ kind: 'always' })).toBe('always')
})
