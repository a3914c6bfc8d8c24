import { describe, expect, test } from 'vitest'
import { printLimit } from '../../../shared/retraining/limits.ts'
import { limitsProblem, parseLimits, readLimits } from '../../../shared/retraining/parseLimits.ts'

const canonical = (text: string) => readLimits(text).map(printLimit).join(' and ')

test.each<[text: string, then: string]>([
  ['AUC >= 0.8', 'AUC >= 0.8'],
  ['AUC>=0.8', 'AUC >= 0.8'],
  ['AUC ≥ .8', 'AUC >= 0.8'],
  ['AUC >= live', 'AUC >= live'],
  ['AUC >= live - 0.005', 'AUC >= live - 0.005'],
  ['AUC >= live -0.005', 'AUC >= live - 0.005'],
  ['AUC>=live-0.005', 'AUC >= live - 0.005'],
  ['Error <= LIVE + 0.01', 'Error <= live + 0.01'],
  ['Score > -2', 'Score > -2'],
  ['Log Loss < 1e-3', 'Log Loss < 0.001'],
  ['F1 Score >= 0.5 and Recall > 0.2', 'F1 Score >= 0.5 and Recall > 0.2'],
  ['AUC no more than 0.01 below live', 'AUC >= live - 0.01'],
  ['Log Loss no more than 0.02 above live AND AUC>0.7', 'Log Loss <= live + 0.02 and AUC > 0.7'],
  ['"Precision and Recall" >= 0.5', '"Precision and Recall" >= 0.5'],
  ['"2 class" >= 0.5', '"2 class" >= 0.5'],
  ['Mean-Squared Error <= 3', 'Mean-Squared Error <= 3'],
  ['holdout AUC >= live', 'holdout AUC >= live'],
])('parseLimits: %s', (text, then) => {
  expect(canonical(text)).toBe(then)
  expect(canonical(then)).toBe(then)
})

describe('a text that says no limits points at the place', () => {
  test.each<[text: string, at: number, reason: string]>([
    ['', 0, 'expected the name of a metric but the text ends'],
    ['AUC', 3, 'expected >=, >, <=, < or "no more than" but the text ends'],
    ['AUC >= ', 6, 'expected a number or live but the text ends'],
    ['AUC >= high', 7, 'expected a number or live, not high'],
    ['AUC >= live - a bit', 14, 'expected a number, not a'],
    ['AUC >= 0.8 Recall > 1', 11, 'expected and, not Recall'],
    ['AUC >= 0.8 and', 14, 'expected the name of a metric but the text ends'],
    ['AUC = 0.8', 4, 'expected'],
    ['AUC no more than 0.1 beside live', 21, 'expected below or above, not beside'],
    ['"AUC >= 0.8', 0, 'a quote is not closed'],
    ['"" >= 1', 0, 'expected the name of a metric, not ""'],
  ])('%s', (text, at, reason) => {
    const parsed = parseLimits(text)
    if (parsed.kind !== 'wrong') throw new Error('it was read')
    expect(parsed.reason).toContain(reason)
    if (text !== 'AUC = 0.8') expect(parsed.at).toBe(at)
  })

  test('the error has the place below the text', () => {
    expect(() => readLimits('AUC >= high')).toThrow(
      'Cannot read the limits: expected a number or live, not high, at character 8\n  AUC >= high\n         ^',
    )
  })
})

test.each([
  ['AUC >= 0.8 and Recall > live - 0.1', undefined],
  ['"AUC =" >= 0.8', undefined],
  ['AUC => 0.8', 'expected >=, >, <= or <, not =, at character 5'],
  ['AUC >= high', 'expected a number or live, not high, at character 8'],
])('limitsProblem: %s', (text, problem) => {
  expect(limitsProblem(text)).toBe(problem)
})
