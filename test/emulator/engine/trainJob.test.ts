import { expect, test } from 'vitest'
import {
  createScorer,
  decodeModel,
  evaluate,
  readTable,
  scoreTable,
  TrainingDataError,
  trainJob,
} from '../../../emulator/engine/index.ts'
import { selectRows } from '../../../emulator/engine/table.ts'
import type { ColumnSpec, LearnerSpec } from '../../../emulator/experiment.ts'
import {
  adultColumns,
  boostedTrees,
  bytesOf,
  experimentOf,
  logisticRegression,
  makeCsv,
  mixedColumns,
  sharedData,
} from './sampleData.ts'

const learners: [name: string, learner: LearnerSpec][] = [
  ['boosted trees', boostedTrees],
  ['logistic regression', logisticRegression],
  ['logistic regression without l1', { ...logisticRegression, l1Weight: 0 } as LearnerSpec],
]
const numbersOf = (evaluation: string) => {
  const [names = '', numbers = ''] = evaluation.split('\r\n')
  const values = numbers.split(',').map(Number)
  return Object.fromEntries(names.split(',').map((name, i) => [name, values[i] ?? Number.NaN]))
}

test.each(learners)('%s learns what is in the data and measures it on held-out rows', (_name, learner) => {
  const csv = bytesOf(makeCsv(2_000, 1))
  const output = trainJob(experimentOf(mixedColumns, learner), csv)
  const metrics = numbersOf(output.evaluation)
  expect(output.rows).toBe(2_000)
  expect(metrics.AUC).toBeGreaterThan(0.9)
  const { truePositives } = decodeModel(output.model).evaluation ?? { truePositives: Number.NaN }
  expect(truePositives).toBe(metrics['True Positive'])
  const heldOut = ['True Positive', 'False Negative', 'False Positive', 'True Negative']
  expect(heldOut.reduce((sum, name) => sum + (metrics[name] ?? 0), 0)).toBeCloseTo(500, -1)
  const fresh = readTable(bytesOf(makeCsv(1_000, 99)), experimentOf(mixedColumns, learner))
  expect(evaluate(scoreTable(decodeModel(output.model), fresh), fresh.target).auc).toBeGreaterThan(0.9)
})

test.each(learners)('%s: equal data give equal bytes, in one piece or in chunks', (_name, learner) => {
  const csv = bytesOf(makeCsv(300, 3))
  const experiment = experimentOf(mixedColumns, learner)
  const first = trainJob(experiment, csv)
  const second = trainJob(experiment, [csv.subarray(0, 1_001), csv.subarray(1_001)])
  expect(Buffer.compare(first.model, second.model)).toBe(0)
  expect(first.evaluation).toBe(second.evaluation)
})

test.each(learners)('%s tells its progress, rising to 1', (_name, learner) => {
  const shares: number[] = []
  trainJob(experimentOf(mixedColumns, learner), bytesOf(makeCsv(300, 3)), {
    onProgress: (share) => shares.push(share),
  })
  expect(shares.length).toBeGreaterThan(5)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares.at(-1)).toBe(1)
})

test('a class with one row: the model is trained, the evaluation says NaN', () => {
  const csv = bytesOf(`size,label\n${'1,no\n2,no\n'.repeat(20)}9,yes\n`)
  const output = trainJob(experimentOf([{ name: 'size', type: 'numeric' }], logisticRegression), csv)
  expect(numbersOf(output.evaluation).AUC).toBeNaN()
  expect(decodeModel(output.model)).toMatchObject({ rows: 41, evaluation: undefined })
})

test('rows that are told apart for certain leave finite numbers', () => {
  const csv = bytesOf(`size,label\n${'1,no\n2,yes\n'.repeat(200)}`)
  const { model } = trainJob(experimentOf([{ name: 'size', type: 'numeric' }], boostedTrees), csv)
  const scorer = createScorer(decodeModel(model))
  expect(scorer.score([1]).probability).toBeLessThan(1e-4)
  expect(scorer.score(['2']).probability).toBeGreaterThan(0.9999)
})

test('a number that is missing for a reason is learnt from', () => {
  const rows = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? ',yes' : `${i % 7},no`))
  const { model } = trainJob(
    experimentOf([{ name: 'size', type: 'numeric' }], boostedTrees),
    bytesOf(`size,label\n${rows.join('\n')}`),
  )
  const scorer = createScorer(decodeModel(model))
  expect([scorer.score([null]).label, scorer.score([3]).label]).toEqual(['yes', 'no'])
})

test.each(learners)('%s learns from hashed text', (_name, learner) => {
  const columns: ColumnSpec[] = [{ name: 'text', type: 'text', hashing: { bits: 10, ngrams: 2 } }]
  const texts = ['a very good book', 'good and long', 'a dull thing', 'not my book, dull']
  const rows = Array.from({ length: 400 }, (_, i) => `"${texts[i % 4]} ${i}",${i % 4 < 2 ? 'pos' : 'neg'}`)
  const { model, evaluation } = trainJob(
    experimentOf(columns, learner, { label: { column: 'label', positive: 'pos' } }),
    bytesOf(`text,label\n${rows.join('\n')}`),
  )
  expect(numbersOf(evaluation).AUC).toBeGreaterThan(0.99)
  expect(createScorer(decodeModel(model)).scoreRecord({ text: 'a good one' }).label).toBe('pos')
})

const wrong: [when: string, columns: ColumnSpec[], more: object, message: string][] = [
  ['no columns', [], {}, 'the experiment names no columns'],
  ['a column twice', [...mixedColumns, ...mixedColumns], {}, 'the experiment names the column "size" twice'],
  [
    'the label as input',
    mixedColumns,
    { label: { column: 'town' } },
    'the label column "town" is also an input column',
  ],
  [
    'a taken name',
    [{ name: 'Scored Labels', type: 'numeric' }],
    {},
    'the column name "Scored Labels" is taken',
  ],
  [
    'a share of 1',
    mixedColumns,
    { evaluationShare: 1 },
    'evaluationShare must be a number from 0 to less than 1, not 1',
  ],
]
test.each(wrong)('refuses an experiment with %s', (_when, columns, more, message) => {
  const act = () => trainJob(experimentOf(columns, boostedTrees, more), bytesOf(makeCsv(20, 1)))
  expect(act).toThrow(TrainingDataError)
  expect(act).toThrow(message)
})

const adult = sharedData('adult.csv')
const anchors: [name: string, learner: LearnerSpec, auc: number, logLoss: number][] = [
  ['boosted trees', boostedTrees, 0.926, 0.29],
  ['logistic regression', { kind: 'twoClassLogisticRegression', l1Weight: 0, l2Weight: 1 }, 0.904, 0.33],
]
test.skipIf(adult === undefined).each(anchors)(
  '%s on the Adult data is as good as the best (needs ../shared/data/adult.csv)',
  (_name, learner, auc, logLoss) => {
    const csv = adult ?? new Uint8Array()
    const label = { column: 'income', positive: '>50K' }
    const experiment = experimentOf(adultColumns(csv), learner, { label, evaluationShare: 0 })
    const end = endOfLine(csv, 32_562)
    const { model } = trainJob(experiment, csv.subarray(0, end))
    const all = readTable(csv, experiment)
    const test = selectRows(
      all,
      Int32Array.from({ length: all.rows - 32_561 }, (_, i) => 32_561 + i),
    )
    const measured = evaluate(scoreTable(decodeModel(model), test), test.target)
    expect(measured.auc).toBeGreaterThan(auc)
    expect(measured.logLoss).toBeLessThan(logLoss)
  },
)

function endOfLine(csv: Uint8Array, lines: number): number {
  let at = -1
  for (let line = 0; line < lines; line++) at = csv.indexOf(0x0a, at + 1)
  return at + 1
}
