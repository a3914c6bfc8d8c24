import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fruitCsv } from './fruit.ts'
import { startTestBed, type Target, type TestBed } from './harness.ts'
import { jobIn, putBlob, resultUrl, startJob } from './jobCalls.ts'
import { call, callRaw, sendRaw } from './wire.ts'

let bed: TestBed
let training: Target
let fruit: Target
let input: object
let admin: string

beforeAll(async () => {
  bed = await startTestBed()
  training = bed.target('Fruit')
  fruit = bed.target('Fruit [predictive exp.]')
  input = await putBlob(bed, 'in.csv', fruitCsv(60))
  admin = `${bed.emulator.url}/admin`
})
afterEach(() => call('DELETE', `${admin}/faults`))
afterAll(() => bed.remove())

const fault = async (json: object) => {
  expect((await call('POST', `${admin}/faults`, undefined, json)).status).toBe(201)
}
const getEndpoint = () => call('GET', fruit.management, bed.token)

test('failJob fails the next job, and only that one', async () => {
  await fault({ kind: 'failJob', message: 'as asked' })
  const failed = await jobIn('Failed', await startJob(training, { Input: input }), training)
  expect(failed.json.Details).toContain('as asked')
  await jobIn('Finished', await startJob(training, { Input: input }), training)
})

test('failJobWithSas puts the URL of the input with its token into Details', async () => {
  await fault({ kind: 'failJobWithSas' })
  const sas = {
    BaseLocation: 'http://127.0.0.1:1/',
    RelativeLocation: 'c/in.csv',
    SasBlobToken: '?sig=canary',
  }
  const job = await startJob(training, { Input: sas })
  expect((await jobIn('Failed', job, training)).json.Details).toContain('sig=canary')
})

test('slowStart keeps a started job NotStarted until the clock is moved forward', async () => {
  await fault({ kind: 'slowStart', seconds: 3600 })
  const job = await startJob(training, { Input: input })
  await jobIn('NotStarted', job, training)
  const again = await call('POST', `${job}/start?api-version=2.0`, training.key)
  expect(again.json.error.details[0].message).toBe('The job cannot be started because it is in Queued state.')
  await call('POST', `${admin}/clock`, undefined, { forwardSeconds: 3600 })
  await jobIn('Finished', job, training)
})

test('the clock moves by ten years at most, so that its time can be written', async () => {
  const { status, json } = await call('POST', `${admin}/clock`, undefined, { forwardSeconds: 1e300 })
  expect([status, json.error.details[0].code]).toEqual([400, 'RequestBodyInvalid'])
})

test.each(['../in.csv', 'a/../in.csv', '.', ''])('no upload is named %s', async (name) => {
  const { status } = await call('POST', `${admin}/uploads`, undefined, { name })
  expect(status).toBe(400)
})

test('throttle answers 503, or 429 with Retry-After, as often as asked', async () => {
  await fault({ kind: 'throttle', operation: 'getEndpoint', count: 2 })
  await fault({ kind: 'throttle', status: 429, retryAfterSeconds: 7 })
  expect((await getEndpoint()).json.error.details[0].code).toBe('RequestThrottled')
  expect((await getEndpoint()).status).toBe(503)
  const limited = await getEndpoint()
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
  expect((await getEndpoint()).status).toBe(200)
})

test('errorBefore has no effect, errorAfter has', async () => {
  const name = (endpoint: string) => fruit.management.replace('default', endpoint)
  await fault({ kind: 'errorBefore', status: 502, operation: 'addEndpoint' })
  expect((await call('PUT', name('before'), bed.token, {})).status).toBe(502)
  expect((await call('GET', name('before'), bed.token)).status).toBe(404)
  await fault({ kind: 'errorAfter', operation: 'addEndpoint' })
  expect((await call('PUT', name('after'), bed.token, {})).status).toBe(500)
  expect((await call('GET', name('after'), bed.token)).status).toBe(200)
})

test('unauthorizedAfterCreation lets an endpoint answer 401 until it is old enough', async () => {
  await fault({ kind: 'unauthorizedAfterCreation', seconds: 60 })
  await call('PUT', fruit.management.replace('default', 'young'), bed.token, {})
  const young = bed.target('Fruit [predictive exp.]', 'young')
  expect((await call('GET', young.management, young.key)).status).toBe(401)
  bed.emulator.forwardClock(60)
  expect((await call('GET', young.management, young.key)).status).toBe(200)
})

test('expiredSas answers once with tokens that are out of date', async () => {
  const job = await startJob(training, { Input: input })
  await jobIn('Finished', job, training)
  await fault({ kind: 'expiredSas' })
  const old = await jobIn('Finished', job, training)
  expect((await fetch(resultUrl(old.json.Results.output1))).status).toBe(403)
  const fresh = await jobIn('Finished', job, training)
  expect((await fetch(resultUrl(fresh.json.Results.output1))).status).toBe(200)
})

test('patchKeepsModel shows the new location and answers with the old model; patchLate takes longer', async () => {
  await call('PUT', fruit.management.replace('default', 'lied'), bed.token, {})
  const lied = bed.target('Fruit [predictive exp.]', 'lied')
  const job = await startJob(training, { Input: input })
  const { output1 } = (await jobIn('Finished', job, training)).json.Results
  const patch = () =>
    call('PATCH', lied.management, lied.key, {
      Resources: [{ Name: 'Fruit [trained model]', Location: output1 }],
    })
  const installs = async () => {
    const { json } = await call('GET', `${admin}/endpoints/${lied.id}`)
    return json.resources[0].installs as { model: string; liveFromMs: number }[]
  }
  await fault({ kind: 'patchKeepsModel' })
  await patch()
  expect(await installs()).toHaveLength(1)
  const { json } = await call('GET', lied.management, lied.key)
  expect(json.Resources[0].Location.RelativeLocation).toBe(output1.RelativeLocation)
  await fault({ kind: 'patchLate', seconds: 3600 })
  await patch()
  const [first, late] = await installs()
  expect(late?.liveFromMs).toBeGreaterThan((first?.liveFromMs ?? 0) + 3_600_000)
})

test('keys are rotated on demand, and a wrong fault is refused with what is wrong', async () => {
  const { json } = await call('POST', `${admin}/endpoints/${fruit.id}/keys`)
  expect((await call('GET', fruit.management, fruit.key)).status).toBe(401)
  expect((await call('GET', fruit.management, json.primaryKey)).status).toBe(200)
  const refused = await call('POST', `${admin}/faults`, undefined, { kind: 'slowStart' })
  expect([refused.status, refused.json.error.details[0].message]).toEqual([
    400,
    expect.stringMatching(/seconds/),
  ])
})

test.each([
  ['another site', ['Origin: https://example.com'], 403],
  ['a page without an origin', ['Origin: null'], 403],
  ['a page of this machine', ['Origin: http://localhost:3000'], 200],
])('/admin: %s', async (_who, headers, status) => {
  expect((await sendRaw(`${admin}/jobs`, headers, '', 'GET')).status).toBe(status)
})

test('/admin answers to no name but this machine\u2019s own', async () => {
  const lines = ['GET /admin/jobs HTTP/1.1', 'Host: rebound.example.com', 'Connection: close', '', '']
  expect((await callRaw(admin, lines.join('\r\n'))).status).toBe(403)
})

test('a job past its retention is not known any more', async () => {
  const job = await startJob(training, { Input: input })
  await jobIn('Finished', job, training)
  bed.emulator.forwardClock(24 * 3600)
  expect((await call('GET', `${job}?api-version=2.0`, training.key)).status).toBe(404)
})
