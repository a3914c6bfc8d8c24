/** Fruit: good when large or green. `lines` data rows, the same every time. */
export function fruitCsv(lines: number): string {
  const rows = Array.from({ length: lines }, (_, at) => {
    const size = (at * 7) % 20
    const colour = ['green', 'red', 'blue'][at % 3] ?? 'red'
    return `${size},${colour},${size > 12 || colour === 'green' ? 'yes' : 'no'}`
  })
  return `size,colour,good\n${rows.join('\n')}\n`
}

/** Training data on which `Slow Fruit` trains for half a minute: a test ends its job long before. */
export const slowCsv = (): string => fruitCsv(100_000)

const columns = [
  { name: 'size', type: 'numeric' },
  { name: 'colour', type: 'categorical' },
]
const label = { column: 'good', positive: 'yes' }
const trees = { kind: 'twoClassBoostedDecisionTree', minimumLeafInstances: 2 }
const outputs = { model: 'output1', evaluation: 'output2' }
const training = { kind: 'training', inputPort: 'input1', columns, label, outputs }

/** The experiments of the tests, by key. */
export const experiments: Record<string, object> = {
  'fruit-training': {
    ...training,
    name: 'Fruit',
    learner: { ...trees, numberOfTrees: 10 },
    globalParameters: { numberOfTrees: { default: 10 } },
  },
  'slow-training': {
    ...training,
    name: 'Slow Fruit',
    learner: { ...trees, numberOfTrees: 10_000, numberOfLeaves: 20, learningRate: 0.001 },
    globalParameters: { 'Database server name': {} },
  },
  fruit: {
    kind: 'predictive',
    name: 'Fruit [predictive exp.]',
    training: 'fruit-training',
    inputPort: 'input1',
    outputPort: 'output1',
    trainedModel: { resourceName: 'Fruit [trained model]', trainedOn: 'fruit.csv' },
  },
  hashing: {
    kind: 'transform',
    name: 'SimpleFeatureHashingExperiment',
    inputPort: 'input1',
    outputPort: 'output1',
    columns: [{ name: 'Col2', type: 'text' }],
    select: ['Col2'],
    featureHashing: { column: 'Col2', bits: 3, ngrams: 2 },
  },
}
