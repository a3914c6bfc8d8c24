import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataSetCandidates, loadExperiments } from '../../../emulator/definitions/loadExperiments.ts'
import { builtInExperiments } from '../../../emulator/options.ts'
import { experiments } from '../fruit.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiments-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = (key: string, content: object | string) =>
  writeFile(join(folder, `${key}.json`), typeof content === 'string' ? content : JSON.stringify(content))

/** Everything said of the files, without the folder. */
async function problems(): Promise<string[]> {
  const error = await loadExperiments([folder]).catch((error: Error) => error)
  if (!(error instanceof Error)) throw new Error('nothing was wrong')
  return error.message.replaceAll(`${folder}/`, '').split('\n  ').slice(1)
}

test('the experiments that come with the emulator are right', async () => {
  const loaded = await loadExperiments([builtInExperiments])
  expect(loaded.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['birdstrikes', 'census', 'census-training', 'feature-hashing']),
  )
})

test('a predictive experiment has its training experiment with it', async () => {
  await write('fruit', experiments.fruit ?? {})
  await write('fruit-training', experiments['fruit-training'] ?? {})
  const loaded = await loadExperiments([folder])
  expect(loaded.find(({ key }) => key === 'fruit')?.definition).toMatchObject({
    kind: 'predictive',
    training: { name: 'Fruit' },
  })
})

test('a training experiment with a predictive section makes both services, and takes the key of the second', async () => {
  const predictive = { trainedOn: 'fruit.csv', outputPort: 'scores' }
  await write('fruit', { ...experiments['fruit-training'], predictive })
  const [training, scoring] = await loadExperiments([folder])
  expect(training).toMatchObject({ key: 'fruit', definition: { kind: 'training' } })
  expect(training?.definition.experiment).not.toHaveProperty('predictive')
  expect(scoring).toMatchObject({
    key: 'fruit-predictive',
    definition: {
      kind: 'predictive',
      experiment: {
        ...{ name: 'Fruit [predictive exp.]', training: 'fruit', inputPort: 'input1', outputPort: 'scores' },
        trainedModel: { resourceName: 'Fruit [trained model]', trainedOn: 'fruit.csv' },
      },
      training: { name: 'Fruit' },
    },
  })
  await write('fruit-predictive', experiments.hashing ?? {})
  expect(await problems()).toEqual([expect.stringMatching(/the key "fruit-predictive" is taken/)])
})

test('what is wrong with further ports is said with its path', async () => {
  const columns = [{ name: 'x', type: 'numeric' }]
  await write('a', {
    ...experiments.hashing,
    furtherInputs: [{ port: 'input2', columns }],
    furtherOutputs: [
      { port: 'output1', from: 'input2', select: ['x'] },
      { port: 'output3', from: 'input2', select: ['y'] },
    ],
  })
  await write('b', { ...experiments.hashing, furtherOutputs: [{ port: 'o', from: 'input9', select: ['x'] }] })
  expect(await problems()).toEqual([
    'a.json: furtherOutputs: "output1" is there twice',
    'a.json: furtherOutputs[1].select[0]: "y" is not among the columns',
    'b.json: furtherOutputs[0].from: there is no input port "input9"',
  ])
})

test('all that is wrong in all files is said at once, with file and path', async () => {
  const training = { ...experiments['fruit-training'] } as { columns: object[]; label: object }
  await write('a', { ...training, label: { column: 'size' } })
  await write('b', { ...training, columns: [{ name: 'x', type: 'number' }], outputs: { model: 'o' } })
  await write('c', { ...experiments.fruit, training: 'nobody' })
  await write('d', { ...experiments.hashing, select: ['Col3'] })
  await write('e', '{')
  const said = await problems()
  expect(said).toEqual([
    'a.json: label.column: "size" is also an input column',
    expect.stringMatching(/^b\.json: columns\[0\]\.type: /),
    expect.stringMatching(/^b\.json: outputs\.evaluation: /),
    'd.json: select[0]: "Col3" is not among the columns',
    'd.json: featureHashing.column: "Col2" is not selected',
    expect.stringMatching(/^e\.json: .*JSON/),
    'c.json: training: there is no experiment "nobody"',
  ])
})

test('a data set is looked for beside the experiment, then in every place by its file name', () => {
  expect(
    dataSetCandidates('/x/experiments/a.json', '../../samples/first.csv', [
      '/d',
      '/e/first.csv',
      '/e/other.csv',
    ]),
  ).toEqual(['/samples/first.csv', '/d/first.csv', '/e/first.csv'])
})
