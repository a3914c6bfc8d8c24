import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fruitCsv, slowCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
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

  test('of a running job answers CannotStartJob with its state, one of an unknown job 404', async () => {
    const big = await putBlob(bed, 'big.csv', slowCsv())
    const job = await startJob(slow, { Input: big, GlobalParameters: slowParameters })
    await jobIn('Running', job, slow)
    const { json } = await call('POST', `${job}/start${version}`, slow.key)
    expect(json.error.details[0].message).toBe('The job cannot be started because it is in Running state.')
    await call('DELETE', `${job}${version}`, slow.key)
    const unknown = await call('POST', `${training.api}/jobs/0123/start${version}`, training.key)
    expect(unknown.status).toBe(404)
  })
})
