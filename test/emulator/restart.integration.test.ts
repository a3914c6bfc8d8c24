import { appendFile, cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startEmulator } from '../../emulator/start.ts'
import { fruitCsv, slowCsv } from './fruit.ts'
import { findTarget, startTestBed, type TestBed } from './harness.ts'
import { jobIn, putBlob, resultUrl, startJob } from './jobCalls.ts'
import { call } from './wire.ts'

let bed: TestBed
afterEach(() => bed.remove())

/** What a kill would leave: the data folder as it is on the disk while the emulator runs. */
async function startFromCopy() {
  const dataFolder = join(bed.folder, 'copy')
  await cp(bed.options.dataFolder, dataFolder, { recursive: true })
  return startEmulator({ ...bed.options, dataFolder })
}

test('a job that was running runs again under its id, from the copy of its input, after a kill', async () => {
  bed = await startTestBed()
  const slow = bed.target('Slow Fruit')
  const input = await putBlob(bed, 'in.csv', slowCsv())
  const body = { Input: input, GlobalParameters: { 'Database server name': 'x' } }
  const job = await startJob(slow, body)
  await jobIn('Running', job, slow)
  await bed.container.deleteBlob('in.csv')
  const second = await startFromCopy()
  try {
    const again = findTarget(second.describe(), 'Slow Fruit', 'default')
    expect([again.key, again.id]).toEqual([slow.key, slow.id])
    const id = job.split('/').at(-1)
    await jobIn('Running', `${again.api}/jobs/${id}`, again)
    const witness = await call('GET', `${second.url}/admin/jobs/${id}`)
    expect(witness.json).toMatchObject({ starts: 1, runs: 2, service: 'Slow Fruit', endpoint: 'default' })
  } finally {
    await second.close()
  }
})

test('endpoints, their models and finished jobs are there after a restart; a torn last line is left out', async () => {
  bed = await startTestBed()
  const fruit = bed.target('Fruit [predictive exp.]')
  await call('PUT', fruit.management.replace('default', 'contoso'), bed.token, { Description: 'kept' })
  const training = bed.target('Fruit')
  const job = await startJob(training, { Input: await putBlob(bed, 'in.csv', fruitCsv(60)) })
  const { json } = await jobIn('Finished', job, training)
  const contoso = bed.target('Fruit [predictive exp.]', 'contoso')
  await call('PATCH', contoso.management, contoso.key, {
    Resources: [{ Name: 'Fruit [trained model]', Location: json.Results.output1 }],
  })
  await bed.container.deleteBlob(json.Results.output1.RelativeLocation.split('/').slice(1).join('/'))
  await bed.emulator.close()
  await appendFile(join(bed.options.dataFolder, 'state.log'), '0badc0de {"put":"endpoi')
  bed.emulator = await startEmulator(bed.options)
  const after = bed.target('Fruit [predictive exp.]', 'contoso')
  expect(after.key).toBe(contoso.key)
  const scored = await call('POST', `${after.api}/execute?api-version=2.0`, after.key, {
    Inputs: { input1: [{ size: '15', colour: 'red' }] },
  })
  expect(scored.status).toBe(200)
  const again = bed.target('Fruit')
  const results = await jobIn('Finished', `${again.api}/jobs/${job.split('/').at(-1)}`, again)
  expect((await fetch(resultUrl(results.json.Results.output2))).status).toBe(200)
})

test('jobs above the number that may run at an endpoint are queued, say NotStarted, and run as it drains', async () => {
  bed = await startTestBed({ runningJobsPerEndpoint: 1 })
  const slow = bed.target('Slow Fruit')
  const input = await putBlob(bed, 'in.csv', slowCsv())
  const body = { Input: input, GlobalParameters: { 'Database server name': 'x' } }
  const first = await startJob(slow, body)
  await jobIn('Running', first, slow)
  const second = await startJob(slow, body)
  await jobIn('NotStarted', second, slow)
  const again = await call('POST', `${second}/start?api-version=2.0`, slow.key)
  expect(again.json.error.details[0].message).toBe('The job cannot be started because it is in Queued state.')
  await call('DELETE', `${first}?api-version=2.0`, slow.key)
  await jobIn('Running', second, slow)
})

test('a token of a result really expires', async () => {
  bed = await startTestBed({ sasAfterSeconds: -60 })
  const training = bed.target('Fruit')
  const job = await startJob(training, { Input: await putBlob(bed, 'in.csv', fruitCsv(60)) })
  const { json } = await jobIn('Finished', job, training)
  const refused = await fetch(resultUrl(json.Results.output1))
  expect([refused.status, refused.headers.get('x-ms-error-code')]).toEqual([403, 'AuthorizationFailure'])
})

test('neither a finished job nor a PATCH leaves a key or token in the state', async () => {
  bed = await startTestBed()
  const training = bed.target('Fruit')
  const job = await startJob(training, { Input: await putBlob(bed, 'in.csv', fruitCsv(60)) })
  await jobIn('Finished', job, training)
  await bed.emulator.close()
  const lines = (await readFile(join(bed.options.dataFolder, 'state.log'), 'utf8')).trim().split('\n')
  expect(lines.at(-1)).toContain('"status":"Finished"')
  expect(lines.at(-1)).not.toMatch(/AccountKey|sig=/)
})

test('a second emulator on the same folder is refused; a seed gives ids, tokens and keys', async () => {
  bed = await startTestBed()
  await expect(startEmulator(bed.options)).rejects.toThrow(
    /Cannot open data folder .*: process \d+ has it open/,
  )
  const dataFolder = join(bed.folder, 'seeded')
  await mkdir(dataFolder)
  const endpoint = { name: 'contoso', id: 'e1', primaryKey: 'key1', secondaryKey: 'key2' }
  const webService = {
    id: 's1',
    experiment: 'fruit',
    name: 'Census [predictive exp.]',
    endpoints: [endpoint],
  }
  const seed = { workspaces: [{ id: 'w1', name: 'W', token: 't1', webServices: [webService] }] }
  const seeded = await startEmulator({ ...bed.options, dataFolder, seed })
  try {
    const url = `${seeded.url}/workspaces/w1/webservices/s1/endpoints/contoso`
    const { json } = await call('GET', url, 't1')
    expect([json.PrimaryKey, json.SecondaryKey]).toEqual(['key1', 'key2'])
    expect(json.ApiLocation).toBe(`${seeded.url}/workspaces/w1/services/e1`)
    expect(seeded.describe().workspaces[0]?.webServices.map((service) => service.name)).toEqual([
      'Census [predictive exp.]',
    ])
  } finally {
    await seeded.close()
    await rm(dataFolder, { recursive: true })
  }
})
