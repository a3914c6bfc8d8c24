import { expect, test } from 'vitest'
import { measure } from '../../../local/round/metrics.ts'

const row = (isPositive: boolean, probability: number) => ({
  isPositive,
  probability,
  scoredLabel: probability >= 0.5 ? 'yes' : 'no',
})

const cases: [when: string, rows: ReturnType<typeof row>[], auc: number | undefined, accuracy: number][] = [
  ['perfect order', [row(false, 0.1), row(true, 0.9)], 1, 1],
  ['wrong order', [row(true, 0.1), row(false, 0.9)], 0, 0],
  ['all the same', [row(true, 0.3), row(false, 0.3), row(false, 0.3)], 0.5, 2 / 3],
  ['a tie counts half', [row(true, 0.7), row(false, 0.7), row(false, 0.2)], 0.75, 2 / 3],
  ['one positive between two negatives', [row(false, 0.1), row(true, 0.2), row(false, 0.3)], 0.5, 2 / 3],
  ['one class only', [row(false, 0.1)], undefined, 1],
]
test.each(cases)('measure: %s', (_when, rows, auc, accuracy) => {
  const quality = measure(rows, 'yes')
  expect(quality.auc).toEqual(auc)
  expect(quality.accuracy).toBeCloseTo(accuracy, 12)
})

test('no rows, or a probability that is no number, are refused', () => {
  expect(() => measure([], 'yes')).toThrow('no held-out rows')
  expect(() => measure([row(true, Number.NaN)], 'yes')).toThrow('is no number')
})
