import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../../../shared/retraining/normal.ts'
import {
  figuresOf,
  type Measure,
  pairedDifference,
  type ScoredRow,
  weighDifference,
} from '../../../shared/retraining/pairedDifference.ts'

const row = (isPositive: boolean, candidate: number, champion: number): ScoredRow => ({
  isPositive,
  candidate,
  champion,
})

const rows: ScoredRow[] = [
  ...[row(true, 0.9, 0.7), row(true, 0.8, 0.9), row(true, 0.7, 0.5), row(true, 0.55, 0.45)],
  ...[row(true, 0.4, 0.6), row(false, 0.6, 0.65), row(false, 0.5, 0.2), row(false, 0.3, 0.5)],
  ...[row(false, 0.2, 0.35), row(false, 0.1, 0.1), row(false, 0.4, 0.3)],
]

test('figures are those of the definition (computed by comparing every pair)', () => {
  const figures = figuresOf(rows, 'candidate', true)
  expect(figures.AUC).toBeCloseTo(0.883333, 6)
  expect(figures.Accuracy).toBeCloseTo(0.727273, 6)
  expect(figures['Log Loss']).toBeCloseTo(0.454977, 6)
  expect(figuresOf(rows, 'champion', true).AUC).toBeCloseTo(0.85, 9)
})

test('labels have an accuracy only, and rows of one class have no AUC', () => {
  expect(Object.keys(figuresOf(rows, 'candidate', false))).toEqual(['Accuracy'])
  expect(figuresOf(rows.slice(0, 5), 'candidate', true).AUC).toBeUndefined()
})

test.each<[measure: Measure, better: number, from: number, to: number]>([
  ['AUC', 0.033333, -0.191328, 0.257994],
  ['Accuracy', 0, -0.37375, 0.37375],
  ['Log Loss', 0.028973, -0.138644, 0.196589],
])('pairedDifference by %s', (measure, better, from, to) => {
  const difference = pairedDifference(measure, rows, 0.95)
  expect(difference?.better).toBeCloseTo(better, 5)
  expect(difference?.from).toBeCloseTo(from, 5)
  expect(difference?.to).toBeCloseTo(to, 5)
})

describe('a difference that is not defined', () => {
  test.each<[when: string, measure: Measure, rows: ScoredRow[]]>([
    ['no rows', 'Accuracy', []],
    ['one row', 'Log Loss', rows.slice(0, 1)],
    ['one class only', 'AUC', rows.slice(0, 5)],
    ['no champion', 'Accuracy', rows.map(({ isPositive, candidate }) => ({ isPositive, candidate }))],
  ])('%s', (_when, measure, some) => {
    expect(pairedDifference(measure, some, 0.95)).toBeUndefined()
  })
})

test('a model compared with itself is not worse by anything', () => {
  const same = rows.map((one) => ({ ...one, champion: one.candidate }))
  for (const measure of ['AUC', 'Accuracy', 'Log Loss'] as const) {
    expect(pairedDifference(measure, same, 0.95)).toMatchObject({ better: 0, from: 0, to: 0 })
  }
})

test.each<[when: string, from: number, to: number, margin: number, then: string]>([
  ['surely better', 0.01, 0.03, 0, 'holds'],
  ['at worst at the margin', -0.01, 0.03, 0.01, 'holds'],
  ['on both sides of the margin', -0.02, 0.03, 0.01, 'unsure'],
  ['surely worse than the margin', -0.05, -0.02, 0.01, 'worse'],
])('weighDifference: %s', (_when, from, to, margin, then) => {
  const difference = { measure: 'AUC' as const, better: (from + to) / 2, from, to, confidence: 0.95 }
  expect(weighDifference(difference, margin)).toBe(then)
})

test.each([
  [0.5, 0],
  [0.9, 1.2815515655],
  [0.975, 1.9599639845],
  [0.995, 2.5758293035],
  [0.999, 3.0902323062],
  [0.01, -2.326347874],
])('normalQuantile of %s', (probability, point) => {
  expect(normalQuantile(probability)).toBeCloseTo(point, 7)
})
