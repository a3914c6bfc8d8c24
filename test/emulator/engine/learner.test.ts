import { expect, test } from 'vitest'
import { resolveLearner } from '../../../emulator/engine/index.ts'
import type { LearnerSpec } from '../../../emulator/experiment.ts'

test('parameters left out have the modules defaults', () => {
  expect(resolveLearner({ kind: 'twoClassBoostedDecisionTree', numberOfTrees: 7 }).parameters).toEqual({
    numberOfTrees: 7,
    numberOfLeaves: 20,
    minimumLeafInstances: 10,
    learningRate: 0.2,
  })
  expect(resolveLearner({ kind: 'twoClassLogisticRegression' }).parameters).toEqual({
    l1Weight: 1,
    l2Weight: 1,
    memorySize: 20,
    optimizationTolerance: 1e-7,
  })
})

const wrong: [spec: LearnerSpec, message: string][] = [
  [
    { kind: 'twoClassBoostedDecisionTree', numberOfTrees: 0 },
    'numberOfTrees must be a whole number from 1 to 10000, not 0',
  ],
  [{ kind: 'twoClassBoostedDecisionTree', numberOfLeaves: 2.5 }, 'numberOfLeaves must be a whole number'],
  [{ kind: 'twoClassBoostedDecisionTree', learningRate: Number.NaN }, 'learningRate must be a real number'],
  [
    { kind: 'twoClassLogisticRegression', l1Weight: -1 },
    'l1Weight must be a real number from 0 to 1000000000, not -1',
  ],
]
test.each(wrong)('refuses %j', (spec, message) => {
  expect(() => resolveLearner(spec)).toThrow(message)
})
