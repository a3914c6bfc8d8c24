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
