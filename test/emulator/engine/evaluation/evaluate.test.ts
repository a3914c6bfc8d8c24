import { expect, test } from 'vitest'
import { encodeEvaluation, evaluate } from '../../../../emulator/engine/index.ts'
import { fc } from '../../../setup/properties.ts'

const measure = (probabilities: number[], target: number[]) =>
  evaluate(Float64Array.from(probabilities), Uint8Array.from(target))

const areas: [when: string, probabilities: number[], target: number[], auc: number][] = [
  ['all right', [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 1],
  ['all wrong', [0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1], 0],
  ['all tied', [0.5, 0.5, 0.5], [0, 1, 1], 0.5],
  ['one pair of four tied', [0.1, 0.4, 0.4, 0.9], [0, 0, 1, 1], 0.875],
  ['one class only', [0.1, 0.9], [1, 1], Number.NaN],
]
test.each(areas)('AUC: %s', (_when, probabilities, target, auc) => {
  expect(measure(probabilities, target).auc).toBe(auc)
})

test('AUC is the share of pairs in the right order, a tie counting half', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(rows, (drawn) => {
      const pairs: number[] = drawn.flatMap(([p, isPositive]) =>
        isPositive === 1
          ? drawn.filter(([, other]) => other === 0).map(([n]) => (p > n ? 1 : p === n ? 0.5 : 0))
          : [],
      )
      const expected = pairs.reduce((sum, won) => sum + won, 0) / pairs.length
      const { auc } = measure(
        drawn.map(([probability]) => probability / 10),
        drawn.map(([, target]) => target),
      )
      if (pairs.length === 0) expect(auc).toBeNaN()
      else expect(auc).toBeCloseTo(expected, 12)
    }),
  )
})

test('counts, rates and losses at threshold 0.5', () => {
  const result = measure([0.9, 0.6, 0.5, 0.2, 0.4], [1, 0, 1, 0, 1])
  expect(result).toMatchObject({ truePositives: 1, falsePositives: 1, falseNegatives: 2, trueNegatives: 1 })
  expect(result.accuracy).toBeCloseTo(0.4, 12)
  expect(result.precision).toBeCloseTo(0.5, 12)
  expect(result.recall).toBeCloseTo(1 / 3, 12)
  expect(result.f1Score).toBeCloseTo(0.4, 12)
  expect(result.logLoss).toBeCloseTo(-Math.log(0.9 * 0.4 * 0.5 * 0.8 * 0.4) / 5, 12)
})

test('saying the share of positives has a training log loss of 0, being certain and right one of 100', () => {
  expect(measure([0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0]).trainingLogLoss).toBeCloseTo(0, 10)
  expect(measure([1, 0, 0, 0], [1, 0, 0, 0]).trainingLogLoss).toBeCloseTo(100, 10)
  expect(measure([0, 1], [1, 0]).logLoss).toBeCloseTo(-Math.log(1e-15), 6)
})

test('the evaluation file has names in line 1 and numbers in line 2, NaN where nothing was measured', () => {
  const [names, numbers] = encodeEvaluation(measure([0.9, 0.1], [1, 0])).split('\r\n')
  expect(names).toBe(
    'AUC,Accuracy,Precision,Recall,F1 Score,Log Loss,Training Log Loss,True Positive,False Negative,False Positive,True Negative',
  )
  expect(numbers?.split(',').map(Number)).toMatchObject([1, 1, 1, 1, 1, {}, {}, 1, 0, 0, 1])
  expect(encodeEvaluation(undefined).split('\r\n')[1]).toBe(Array(11).fill('NaN').join(','))
})
