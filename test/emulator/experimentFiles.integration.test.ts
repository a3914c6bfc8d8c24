import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { experiments } from './fruit.ts'
import { startTestBed, type Target, type TestBed } from './harness.ts'
import { jobIn, putBlob, resultUrl, startJob } from './jobCalls.ts'
import { call } from './wire.ts'

const examples = join(import.meta.dirname, '../../emulator/examples')
const shared = join(import.meta.dirname, '../../../shared/data')

let folder: string
let bed: TestBed | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiment-'))
})
afterEach(async () => {
  await bed?.remove()
  bed = undefined
  await rm(folder, { recursive: true })
})

const score = async (target: Target, row: Record<string, string>) => {
  const answer = await call('POST', `${target.api}/execute?api-version=2.0&format=swagger`, target.key, {
    Inputs: { input1: [row] },
  })
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)])
  return answer.json.Results.output1[0] as Record<string, string>
}

/** Trains on `csv`, updates a new endpoint with the model, and gives both. */
async function retrain(bed: TestBed, name: string, csv: string) {
  const predictive = `${name} [predictive exp.]`
  const added = bed.target(predictive).management.replace('default', 'contoso')
  await call('PUT', added, bed.token, {})
  const contoso = bed.target(predictive, 'contoso')
  const training = bed.target(name)
  const job = await startJob(training, { Input: await putBlob(bed, 'train.csv', csv) })
  const { output1, output2 } = (await jobIn('Finished', job, training)).json.Results
  const resources = [{ Name: `${name} [trained model]`, Location: output1 }]
  expect((await call('PATCH', contoso.management, contoso.key, { Resources: resources })).status).toBe(200)
  return { contoso, evaluation: await (await fetch(resultUrl(output2))).text() }
}

const credit = join(shared, 'german-credit.csv')
if (!existsSync(credit))
  console.log('German Credit is not tried: ../shared/data/german-credit.csv is not there')

test.skipIf(!existsSync(credit))(
  'german-credit.csv becomes a training and a predictive service by one file, trained, updated and scored',
  async () => {
    await copyFile(join(examples, 'german-credit.json'), join(folder, 'german-credit.json'))
    bed = await startTestBed({ experiments: [folder], dataPlaces: [shared] })
    const csv = await readFile(credit, 'utf8')
    const [header = '', first = '', ...rest] = csv.trim().split('\n')
    const names = header.split(',')
    const row = Object.fromEntries(first.split(',').map((cell, at) => [names[at] ?? '', cell]))
    const later = [header, ...rest.slice(-500)].join('\n')
    const { contoso, evaluation } = await retrain(bed, 'German Credit', later)
    const [, auc = ''] = /^AUC,.*\r\n([\d.]+),/.exec(evaluation) ?? []
    expect(Number(auc)).toBeGreaterThan(0.7)
    const updated = await score(contoso, row)
    const deployed = await score(bed.target('German Credit [predictive exp.]'), row)
    expect(updated['Scored Labels']).toBe('1')
    expect(updated['Scored Probabilities']).not.toBe(deployed['Scored Probabilities'])
  },
)

/** Short reviews, in a fixed order; kind ones say yes. */
function reviews(lines: number, turned = false): string {
  const kind = ['lovely tea', 'good and warm', 'a lovely day', 'warm bread']
  const unkind = ['cold tea', 'burnt bread', 'a bad day', 'cold and bad']
  const rows = Array.from({ length: lines }, (_, at) => {
    const isKind = at % 2 === 0
    const [one, two] = [(isKind ? kind : unkind)[at % 4], (isKind ? kind : unkind)[(at >> 2) % 4]]
    return `"${one}, ${two}",${isKind !== turned ? 'yes' : 'no'}`
  })
  return `review,again\n${rows.join('\n')}\n`
}

test.each(['twoClassBoostedDecisionTree', 'twoClassLogisticRegression'])(
  'a text column is hashed and feeds %s, by an experiment file alone',
  async (kind) => {
    const experiment = {
      kind: 'training',
      name: 'Reviews',
      inputPort: 'input1',
      columns: [{ name: 'review', type: 'text', hashing: { bits: 10, ngrams: 2 } }],
      label: { column: 'again', positive: 'yes' },
      learner: { kind },
      outputs: { model: 'output1', evaluation: 'output2' },
      predictive: { trainedOn: 'reviews.csv' },
    }
    await writeFile(join(folder, 'reviews.json'), JSON.stringify(experiment))
    await writeFile(join(folder, 'reviews.csv'), reviews(200))
    bed = await startTestBed({ experiments: [folder] })
    const service = bed.target('Reviews [predictive exp.]')
    expect((await score(service, { review: 'a lovely warm day' }))['Scored Labels']).toBe('yes')
    expect((await score(service, { review: 'cold and burnt' }))['Scored Labels']).toBe('no')
    const { contoso } = await retrain(bed, 'Reviews', reviews(200, true))
    expect((await score(contoso, { review: 'a lovely warm day' }))['Scored Labels']).toBe('no')
  },
)

const twoPorts = {
  kind: 'transform',
  name: 'Two of each',
  inputPort: 'people',
  columns: [
    { name: 'name', type: 'text' },
    { name: 'age', type: 'numeric' },
  ],
  select: ['age'],
  outputPort: 'ages',
  furtherInputs: [{ port: 'texts', columns: [{ name: 'Col2', type: 'text' }] }],
  furtherOutputs: [
    { port: 'names', select: ['name'] },
    {
      port: 'hashes',
      from: 'texts',
      select: ['Col2'],
      featureHashing: { column: 'Col2', bits: 3, ngrams: 2 },
    },
  ],
  globalParameters: { 'Hashing bitsize': { default: 3 } },
}

test('a service with several input and output ports answers over RRS and BES', async () => {
  await mkdir(join(folder, 'more'))
  await writeFile(join(folder, 'more', 'two.json'), JSON.stringify(twoPorts))
  bed = await startTestBed({ experiments: [join(folder, 'more')] })
  const target = bed.target('Two of each')
  const url = `${target.api}/execute?api-version=2.0`
  const Inputs = {
    people: { ColumnNames: ['name', 'age'], Values: [['Ann', '40']] },
    texts: [{ Col2: 'This is a good day' }],
  }
  const { json } = await call('POST', `${url}&format=swagger`, target.key, { Inputs })
  expect(Object.keys(json.Results)).toEqual(['ages', 'names', 'hashes'])
  expect(json.Results).toMatchObject({ ages: [{ age: '40' }], names: [{ name: 'Ann' }] })
  expect(Object.values(json.Results.hashes[0]).join(' ')).toBe('1 1 2 2 0 2 0 1')
  const wide = await call('POST', url, target.key, { Inputs, GlobalParameters: { 'Hashing bitsize': '4' } })
  expect(wide.json.Results.hashes.value.ColumnNames).toHaveLength(16)
  const lacking = await call('POST', url, target.key, { Inputs: { people: Inputs.people } })
  expect(lacking.json.error.details[0]).toMatchObject({ code: 'MissingRequestInput', target: 'texts' })

  const people = await putBlob(bed, 'people.csv', 'name,age\nAnn,40\nBob,50\n')
  const texts = await putBlob(bed, 'texts.tsv', 'Col2\nThis is a good day\n')
  const single = await call('POST', `${target.api}/jobs?api-version=2.0`, target.key, { Input: people })
  expect(single.json.error.details[0]).toMatchObject({ code: 'BatchJobInputsNotSpecified', target: 'texts' })
  const job = await startJob(target, { Inputs: { people, texts } })
  const { Results } = (await jobIn('Finished', job, target)).json
  const read = async (port: string) => (await fetch(resultUrl(Results[port]))).text()
  expect(await read('names')).toBe('name\r\nAnn\r\nBob\r\n')
  expect(await read('hashes')).toMatch(/\r\n1,1,2,2,0,2,0,1\r\n$/)
  const swagger = await call('GET', `${target.api}/swagger.json`)
  expect(Object.keys(swagger.json.definitions.ExecutionOutputs.properties)).toHaveLength(3)
})

test('a global parameter of RRS is required without a default, and its name is case-sensitive', async () => {
  const globalParameters = { 'Hashing bitsize': {} }
  await writeFile(join(folder, 'one.json'), JSON.stringify({ ...experiments.hashing, globalParameters }))
  bed = await startTestBed({ experiments: [folder] })
  const target = bed.target('SimpleFeatureHashingExperiment')
  const ask = async (GlobalParameters: object) => {
    const { status, json } = await call('POST', `${target.api}/execute?api-version=2.0`, target.key, {
      Inputs: { input1: [{ Col2: 'a b' }] },
      GlobalParameters,
    })
    return [status, json.error?.details[0].code ?? json.Results.output1.value.ColumnNames.length]
  }
  expect(await ask({})).toEqual([400, 'MissingRequiredGlobalParameters'])
  expect(await ask({ 'hashing bitsize': 2 })).toEqual([400, 'UnexpectedParameter'])
  expect(await ask({ 'Hashing bitsize': 99 })).toEqual([400, 'BadParameterValue'])
  expect(await ask({ 'Hashing bitsize': '2' })).toEqual([200, 4])
})
