import { describe, expect, test } from 'vitest'
import { decodeModel, trainJob } from '../../../emulator/engine/index.ts'
import { describePorts } from '../../../emulator/pages/ports.ts'
import {
  boostedTrees,
  bytesOf,
  experimentOf,
  logisticRegression,
  makeCsv,
  mixedColumns,
} from '../engine/sampleData.ts'

const predictiveOf = (training: ReturnType<typeof experimentOf>) =>
  ({
    kind: 'predictive',
    training,
    experiment: {
      kind: 'predictive',
      name: 'Test [predictive exp.]',
      training: 'test',
      inputPort: 'rows',
      outputPort: 'scores',
      trainedModel: { resourceName: 'Test [trained model]', trainedOn: 'test.csv' },
    },
  }) as const

describe.each([
  ['boosted trees', boostedTrees],
  ['logistic regression', logisticRegression],
])('the ports of a service that scores with %s', (_name, learner) => {
  const training = experimentOf(mixedColumns, learner)
  const model = decodeModel(trainJob(training, bytesOf(makeCsv(200, 1))).model)
  const definition = predictiveOf(training)

  test('know the levels of the columns and a usual value of each', () => {
    const { inputs } = describePorts(definition, model, true)
    expect(inputs[0]?.columns.map(({ name, type }) => [name, type])).toEqual([
      ['size', 'Double'],
      ['weight', 'Double'],
      ['colour', 'String'],
      ['town', 'String'],
    ])
    expect([...(inputs[0]?.columns[2]?.levels ?? [])].sort()).toEqual([
      'a "quoted", colour',
      'blue',
      'green',
      'red',
    ])
    const [size, , colour] = inputs[0]?.sample ?? []
    expect(Number(size)).toBeGreaterThan(0)
    expect(Number(size)).toBeLessThan(100)
    expect(inputs[0]?.columns[2]?.levels).toContain(colour)
  })

  test('answer the sample row as the service does: label and probability behind the columns', () => {
    const [output] = describePorts(definition, model, true).outputs
    if (output?.kind !== 'table') throw new Error('the output is no table')
    expect(output.columns.slice(-2)).toEqual([
      { name: 'Scored Labels', type: 'String', levels: ['no', 'yes'] },
      { name: 'Scored Probabilities', type: 'Double' },
    ])
    const [label, probability] = output.sample.slice(-2)
    expect(label).toBe(Number(probability) > 0.5 ? 'yes' : 'no')
  })

  test('show placeholders where sample data is not enabled', () => {
    expect(describePorts(definition, model, false).inputs[0]?.sample).toEqual(['0', '0', 'value', 'value'])
  })
})

test('a training service takes its columns and the label, and writes a model and an evaluation', () => {
  const experiment = experimentOf(mixedColumns, boostedTrees)
  const { inputs, outputs } = describePorts({ kind: 'training', experiment }, undefined, true)
  expect(inputs[0]?.columns.map((column) => column.name)).toEqual([
    'size',
    'weight',
    'colour',
    'town',
    'label',
  ])
  expect(outputs).toEqual([
    { name: 'output1', kind: 'model' },
    { name: 'output2', kind: 'dataset' },
  ])
})

test("the guide's text service takes one column and answers its sample with 1 1 2 2 0 2 0 1", () => {
  const experiment = {
    kind: 'transform',
    name: 'SimpleFeatureHashingExperiment',
    inputPort: 'input1',
    outputPort: 'output1',
    columns: [
      { name: 'Col1', type: 'numeric' },
      { name: 'Col2', type: 'text' },
    ],
    select: ['Col2'],
    featureHashing: { column: 'Col2', bits: 3, ngrams: 2 },
  } as const
  const { inputs, outputs } = describePorts(
    {
      kind: 'transform',
      experiment: { ...experiment, columns: [...experiment.columns], select: [...experiment.select] },
    },
    undefined,
    true,
  )
  expect(inputs).toEqual([
    { name: 'input1', columns: [{ name: 'Col2', type: 'String' }], sample: ['This is a good day'] },
  ])
  expect(outputs[0]?.kind === 'table' && outputs[0].sample.join(' ')).toBe('1 1 2 2 0 2 0 1')
})
