import { expect, test } from 'vitest'
import { oddMetrics, parseEvaluation } from '../../../shared/retraining/evaluation.ts'

test.each([
  ['Accuracy,AUC\n0.8,0.9\n', { Accuracy: 0.8, AUC: 0.9 }],
  ['\uFEFF"Accuracy","AUC"\r\n0.8,0.9\r\n', { Accuracy: 0.8, AUC: 0.9 }],
  ['Accuracy,AUC\n0.8,NaN\n', { Accuracy: 0.8 }],
  ['Accuracy,AUC\n0.8\n', { Accuracy: 0.8 }],
  ['nonsense', {}],
  ['', {}],
])('parseEvaluation: %j', (csv, then) => {
  expect(parseEvaluation(csv)).toEqual(then)
})

test.each([
  ['Accuracy,AUC,Recall\n0.8,NaN,Infinity\n', { AUC: 'NaN', Recall: 'Infinity' }],
  ['Accuracy,AUC\n0.8\n', { AUC: '' }],
  ['Accuracy\nhttps://x.example/?sig=abc\n', { Accuracy: 'no number' }],
  ['Accuracy\n0.8\n', undefined],
  ['nonsense', undefined],
])('oddMetrics: %j', (csv, then) => {
  expect(oddMetrics(csv)).toEqual(then)
})

test('an evaluation wider than a row has room is read in its first 300 figures, without names over 80 characters', () => {
  const long = 'x'.repeat(81)
  const names = ['AUC', long, ...Array.from({ length: 9_000 }, (_, at) => `m${at}`)]
  const metrics = parseEvaluation(`${names.join(',')}\n${names.map(() => '0.123456789012345').join(',')}\n`)
  expect(Object.keys(metrics)).toEqual(['AUC', ...names.slice(2, 301)])
  expect(oddMetrics(`${long}\nNaN\n`)).toBeUndefined()
})
