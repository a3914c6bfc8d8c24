import { BlobSASPermissions } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, resultUrl, startJob } from '../jobCalls.ts'
import { call } from '../wire.ts'

let bed: TestBed
let training: Target
let input: { ConnectionString: string; RelativeLocation: string }

beforeAll(async () => {
  bed = await startTestBed()
  training = bed.target('Fruit')
  input = await putBlob(bed, 'drops/in.csv', fruitCsv(60))
})
afterAll(() => bed.remove())

describe('status and results of a job', () => {
  test('a started job finishes; its results are signed anew on every GET, for reading only', async () => {
    const job = await startJob(training, { Input: input, GlobalParameters: { numberOfTrees: '5' } })
    const finished = await jobIn('Finished', job, training)
    const { output1, output2 } = finished.json.Results
    expect(Object.keys(output1)).toEqual([
      'ConnectionString',
      'RelativeLocation',
      'BaseLocation',
      'SasBlobToken',
    ])
    expect(output1.RelativeLocation).toMatch(
      new RegExp(`^${bed.container.containerName}/[^/]+/[^/]+\\.ilearner$`),
    )
    expect(output1.BaseLocation).toMatch(/\/$/)
    const token = new URLSearchParams(output1.SasBlobToken)
    expect([token.get('sr'), token.get('sp')]).toEqual(['b', 'r'])
    expect(Date.parse(token.get('se') ?? '') - Date.parse(token.get('st') ?? '')).toBe(60 * 60_000)
    const evaluation = await (await fetch(resultUrl(output2))).text()
    expect(evaluation).toMatch(/^AUC,Accuracy,.*\r\n[\d.]+,/)
    const model = await fetch(resultUrl(output1))
    expect(Number(model.headers.get('content-length'))).toBeGreaterThan(500)
    expect((await fetch(resultUrl(output1), { method: 'DELETE' })).status).toBe(403)
  })

  test("the guide's connection string, name and key only, finds the emulator's own storage", async () => {
    const { ConnectionString, RelativeLocation } = await putBlob(bed, 'guide.csv', fruitCsv(60))
    const [account, key] = ['AccountName', 'AccountKey'].map(
      (part) => new RegExp(`${part}=[^;]+`).exec(ConnectionString)?.[0],
    )
    const guides = `DefaultEndpointsProtocol=https;${account};${key}`
    const job = await startJob(training, {
      Input: { ConnectionString: guides, RelativeLocation: `/${RelativeLocation}` },
    })
    await jobIn('Finished', job, training)
  })

  test('outputs go where the overrides say, with a leading slash or not', async () => {
    const { container } = bed
    const override = (name: string) => ({
      ...input,
      RelativeLocation: `/${container.containerName}/own/${name}`,
    })
    const job = await startJob(training, {
      Inputs: { input1: input },
      Outputs: { output1: override('m.ilearner'), output2: override('e.tsv') },
      AzureBatchPoolId: 'ignored',
    })
    await jobIn('Finished', job, training)
    expect(await container.getBlobClient('own/m.ilearner').exists()).toBe(true)
    const tsv = await container.getBlobClient('own/e.tsv').downloadToBuffer()
    expect(tsv.toString()).toMatch(/^AUC\tAccuracy\t/)
  })

  test('an input by SAS is read by plain GET of base + relative + token', async () => {
    const blob = bed.container.getBlobClient('drops/in.csv')
    const url = new URL(
      await blob.generateSasUrl({
        permissions: BlobSASPermissions.parse('r'),
        expiresOn: new Date('2099-01-01'),
      }),
    )
    const [, account = '', ...path] = url.pathname.split('/')
    const job = await startJob(training, {
      Input: {
        ConnectionString: null,
        BaseLocation: `${url.origin}/${account}/`,
        RelativeLocation: path.join('/'),
        SasBlobToken: url.search,
      },
    })
    await jobIn('Finished', job, training)
  })

  test('the predictive service scores a CSV, the hashing service hashes one', async () => {
    const fruit = bed.target('Fruit [predictive exp.]')
    const scored = await jobIn('Finished', await startJob(fruit, { Input: input }), fruit)
    const csv = await (await fetch(resultUrl(scored.json.Results.output1))).text()
    expect(csv).toMatch(/^size,colour,good,Scored Labels,Scored Probabilities\r\n0,green,yes,yes,0\.\d+\r\n/)
    const hashing = bed.target('SimpleFeatureHashingExperiment')
    const texts = await putBlob(bed, 'texts.csv', 'Col1,Col2\n1,This is a good day\n')
    const hashed = await jobIn('Finished', await startJob(hashing, { Input: texts }), hashing)
    const rows = await (await fetch(resultUrl(hashed.json.Results.output1))).text()
    expect(rows).toMatch(/^Col2_HashingFeature\.0,.*\r\n1,1,2,2,0,2,0,1\r\n$/)
  })
})

describe('a failed job', () => {
  const fail = async (name: string, csv: string) => {
    const job = await startJob(training, { Input: await putBlob(bed, name, csv) })
    return (await jobIn('Failed', job, training)).json
  }
  const style =
    /^Module: Train Model; SNR Job Id: [0-9a-f]{32}; SNR Task Id: [0-9a-f-]{36}; requestId = \S+ errorComponent=Module\. taskStatusCode=400\. (\{.*\})Error: Error 1000: .* Process exited with error code -2 Record Starts at UTC \d\d\/\d\d\/\d{4} /

  test('has Details in the style of the service, which name column and line', async () => {
    const { Results, Details } = await fail('bad.csv', 'size,colour,good\n1,red,yes\nbig,red,no\n')
    expect(Results).toBeNull()
    const json = JSON.parse(style.exec(Details)?.[1] ?? '')
    expect(json.Exception.Message).toMatch(/line 3.*"size"|"size".*line 3/)
  })

  test('names the label that is missing', async () => {
    expect((await fail('nolabel.csv', 'size,colour\n1,red\n')).Details).toMatch(/"good"/)
  })

  test('says what the storage service said of an input that cannot be read, without any secret', async () => {
    const blob = {
      ConnectionString: inject('storage'),
      RelativeLocation: `${bed.container.containerName}/none.csv`,
    }
    const job = await startJob(training, { Input: blob })
    const { Details } = (await jobIn('Failed', job, training)).json
    expect(Details).toMatch(
      /^Module: Import Data;.*Unable to access the provided Azure blob.*404 BlobNotFound/,
    )
    expect(Details).not.toMatch(/AccountKey|sig=/)
  })
})

test.each(['GET', 'DELETE'])('%s of an unknown job with 404', async (method) => {
  const { status, json } = await call(method, `${training.api}/jobs/0123?api-version=2.0`, training.key)
  expect([status, json.error.code]).toEqual([404, 'NotFound'])
})
