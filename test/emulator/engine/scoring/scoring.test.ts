import { expect, test } from 'vitest'
import {
  createScorer,
  decodeModel,
  ScoringInputError,
  scoreCsv,
  TrainingDataError,
  trainJob,
} from '../../../../emulator/engine/index.ts'
import type { LearnerSpec } from '../../../../emulator/experiment.ts'
import { bytesOf, experimentOf, logisticRegression, makeCsv, mixedColumns } from '../sampleData.ts'

const learners: [name: string, learner: LearnerSpec][] = [
  ['boosted trees', { kind: 'twoClassBoostedDecisionTree', numberOfTrees: 10 }],
  ['logistic regression', logisticRegression],
]
const modelOf = (learner: LearnerSpec) =>
  decodeModel(trainJob(experimentOf(mixedColumns, learner), bytesOf(makeCsv(400, 5))).model)

test.each(learners)('%s: row, record and batch scores are the same', (_name, learner) => {
  const model = modelOf(learner)
  const scorer = createScorer(model)
  const csv = 'town,more,size,weight,colour\r\nX,1,60,2.5,red\r\n"Y","a, b",,-1,\r\nnowhere,,1e3,NA,?\r\n'
  const { csv: scored, rows } = scoreCsv(model, bytesOf(csv))
  const lines = Buffer.from(scored).toString().trim().split('\r\n')
  const cells = [
    ['60', 2.5, 'red', 'X'],
    [null, '-1', '', 'Y'],
    [1000, undefined, '?', 'nowhere'],
  ]
  expect(rows).toBe(3)
  expect(lines[0]).toBe('town,more,size,weight,colour,Scored Labels,Scored Probabilities')
  cells.forEach((row, i) => {
    const { label, probability } = scorer.score(row)
    expect(lines[i + 1]).toBe(`${csv.split('\r\n')[i + 1]},${label},${probability}`)
    const record = Object.fromEntries(scorer.columns.map((name, at) => [name, row[at]]))
    expect(scorer.scoreRecord({ ...record, extra: 1 })).toEqual({ label, probability })
  })
})

test('numbers, logical values and texts are taken; what is no number is refused by column', () => {
  const scorer = createScorer(modelOf(logisticRegression))
  expect(scorer.score([' 1e1 ', true, 5, null]).probability).toBe(scorer.score([10, 1, '5', '']).probability)
  const act = () => scorer.score(['tall', 1, 'red', 'X'])
  expect(act).toThrow(ScoringInputError)
  expect(act).toThrow('Cannot score the row: column "size": "tall" is not a number')
})

test('a record takes only its own properties', () => {
  const scorer = createScorer(modelOf(logisticRegression))
  const inherited: Record<string, number> = Object.create({ size: 99 })
  expect(scorer.scoreRecord(inherited)).toEqual(scorer.scoreRecord({}))
})

test('a CSV to score that lacks a column or has a text for a number is refused', () => {
  const model = modelOf(logisticRegression)
  const act = (csv: string) => () => scoreCsv(model, bytesOf(csv))
  expect(act('size,weight,colour\n1,2,red\n')).toThrow(TrainingDataError)
  expect(act('size,weight,colour\n1,2,red\n')).toThrow('the header (line 1) lacks the column "town"')
  expect(act('size,weight,colour,town\nx,2,red,X\n')).toThrow('column "size", line 2: "x" is not a number')
})

test('a header without rows is scored to a header', () => {
  const { csv, rows } = scoreCsv(modelOf(logisticRegression), bytesOf('size,weight,colour,town\n'))
  expect(rows).toBe(0)
  expect(Buffer.from(csv).toString()).toBe('size,weight,colour,town,Scored Labels,Scored Probabilities\r\n')
})
