import { BlobSASPermissions } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, resultUrl, startJob } from '../jobCalls.ts'
import { call, callRaw } from '../wire.ts'

let bed: TestBed
let training: Target
let slow: Target
let input: { ConnectionString: string; RelativeLocation: string }

beforeAll(async () => {
  bed = await startTestBed()
  training = bed.target('Fruit')
  slow = bed.target('Slow Fruit')
  input = await putBlob(bed, 'drops/in.csv', fruitCsv(60))
})
afterAll(() => bed.remove())

const version = '?api-version=2.0'
const submit = (body: unknown, target = training) =>
  call('POST', `${target.api}/jobs${version}`, target.key, body)
const slowParameters = { 'Database server name': 'x' }

describe('a job from submit to result', () => {
  test('submit answers a bare JSON string, and the job does not run until started', async () => {
    const { status, text, json } = await submit({ Inputs: { input1: input } })
    expect([status, text]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{32}"$/)])
    const job = await call('GET', `${training.api}/jobs/${json}${version}`, training.key)
    expect(job.text).toBe('{"StatusCode":"NotStarted","Results":null,"Details":null}')
  })

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

describe('start', () => {
  const startRaw = (job: string) =>
    callRaw(
      job,
      `POST ${new URL(job).pathname}/start?api-version=2.0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${training.key}\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    )

  test('takes an empty body with a JSON content type; a second one answers CannotStartJob', async () => {
    const { json } = await submit({ Input: input })
    const job = `${training.api}/jobs/${json}`
    const first = await startRaw(job)
    expect([first.status, first.text]).toEqual([200, ''])
    const second = await startRaw(job)
    expect(second.status).toBe(400)
    expect(second.json.error).toMatchObject({
      code: 'InvalidOperation',
      details: [{ code: 'CannotStartJob', message: expect.stringMatching(/because it is in \w+ state\.$/) }],
    })
  })
})

describe('delete', () => {
  test('stops a running job: it says Cancelled and its worker is free for the next', async () => {
    const big = await putBlob(bed, 'big.csv', fruitCsv(5_000))
    const job = await startJob(slow, { Input: big, GlobalParameters: slowParameters })
    await jobIn('Running', job, slow)
    expect((await call('DELETE', `${job}${version}`, slow.key)).status).toBe(200)
    const cancelled = await call('GET', `${job}${version}`, slow.key)
    expect(cancelled.text).toBe('{"StatusCode":"Cancelled","Results":null,"Details":null}')
    await jobIn('Finished', await startJob(training, { Input: input }), training)
  })

  test('succeeds on a finished job, which stays finished, and on one that never started', async () => {
    const job = await startJob(training, { Input: input })
    await jobIn('Finished', job, training)
    expect((await call('DELETE', `${job}${version}`, training.key)).status).toBe(200)
    await jobIn('Finished', job, training)
    const { json } = await submit({ Input: input })
    const unstarted = `${training.api}/jobs/${json}`
    await call('DELETE', `${unstarted}${version}`, training.key)
    await jobIn('Cancelled', unstarted, training)
  })

  test('is not for the key of another endpoint, nor its jobs', async () => {
    const { json } = await submit({ Input: input })
    const other = bed.target('Fruit [predictive exp.]')
    expect((await call('DELETE', `${training.api}/jobs/${json}${version}`, other.key)).status).toBe(401)
    expect((await call('GET', `${other.api}/jobs/${json}${version}`, other.key)).status).toBe(404)
  })
})
