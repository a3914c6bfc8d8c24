import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fruitCsv, slowCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
import { call } from '../wire.ts'

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

describe('delete', () => {
  test('stops a running job: it says Cancelled and its worker is free for the next', async () => {
    const big = await putBlob(bed, 'big.csv', slowCsv())
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
