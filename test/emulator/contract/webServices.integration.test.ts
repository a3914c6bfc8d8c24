import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slowCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
import { call } from '../wire.ts'

let bed: TestBed
let fruit: Target
let services: string

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
  services = fruit.management.replace(/\/[^/]+\/endpoints\/default$/, '')
})
afterAll(() => bed.remove())

describe('web services', () => {
  test('are listed: training and predictive apart, the latter ending in [predictive exp.]', async () => {
    const { json } = await call('GET', services, bed.token)
    expect(json.map((service: { Name: string }) => service.Name).sort()).toEqual([
      'Fruit',
      'Fruit [predictive exp.]',
      'SimpleFeatureHashingExperiment',
      'Slow Fruit',
    ])
    expect(Object.keys(json[0])).toEqual([
      ...['Id', 'Name', 'Description', 'CreationTime', 'WorkspaceId', 'DefaultEndpointName', 'EndpointCount'],
    ])
    const one = await call('GET', `${services}/${fruit.serviceId}`, bed.token)
    expect(one.json).toMatchObject({ Name: 'Fruit [predictive exp.]', DefaultEndpointName: 'default' })
    expect(one.json.CreationTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('open for the workspace token only; the other header of the PowerShell client counts too', async () => {
    const refused = await call('GET', services, fruit.key)
    expect([refused.status, refused.json.error.details[0].code]).toEqual([
      401,
      'ManagementRequestUnauthorized',
    ])
    const headers = { 'x-ms-metaanalytics-authorizationtoken': bed.token }
    expect((await fetch(services, { headers })).status).toBe(200)
  })

  test('an unknown one answers 404 with the text that R expects', async () => {
    const { status, json } = await call('GET', `${services}/0123`, bed.token)
    expect([status, json.error.details[0].message]).toEqual([
      404,
      'Invalid web service ID provided. Verify the web service ID is correct and try again.',
    ])
  })

  test('publishing code is refused with a clear text', async () => {
    const { status, json } = await call('PUT', `${services}/0123`, bed.token, { Type: 'Code' })
    expect([status, json.error.details[0].message]).toEqual([501, expect.stringMatching(/code services/)])
  })

  test('publishing code is told from a wrong token, and so is deploying over the studio API', async () => {
    expect((await call('PUT', `${services}/0123`, 'another', { Type: 'Code' })).status).toBe(401)
    const { url, workspaces } = bed.emulator.describe()
    const deploy = `${url}/api/workspaces/${workspaces[0]?.id}/experiments/e/webservice?generateNewPortNames=false`
    const { status, json } = await call('POST', deploy, bed.token)
    expect([status, json.error.details[0].message]).toEqual([501, expect.stringMatching(/experiment files/)])
  })
})

describe('deleting a web service', () => {
  test('takes its endpoints with it and stops their jobs; the workspace token only', async () => {
    const slow = bed.target('Slow Fruit')
    const input = await putBlob(bed, 'in.csv', slowCsv())
    const job = await startJob(slow, { Input: input, GlobalParameters: { 'Database server name': 'x' } })
    await jobIn('Running', job, slow)
    const url = `${services}/${slow.serviceId}`
    expect((await call('DELETE', url, slow.key)).status).toBe(401)
    const deleted = await call('DELETE', url, bed.token)
    expect([deleted.status, deleted.text]).toEqual([200, ''])
    expect((await call('GET', url, bed.token)).status).toBe(404)
    expect((await call('GET', `${job}?api-version=2.0`, slow.key)).status).toBe(404)
    const witness = await call('GET', `${bed.emulator.url}/admin/jobs/${job.split('/').at(-1)}`)
    expect(witness.json.status).toBe('Cancelled')
  })
})

test('the front page and the data sources answer, as old clients ask them first', async () => {
  const { url, workspaces } = bed.emulator.describe()
  expect((await call('GET', `${url}/`)).text).toContain('Fruit [predictive exp.]')
  const sources = await call('GET', `${url}/api/workspaces/${workspaces[0]?.id}/datasources`, bed.token)
  expect(sources.text).toBe('null')
})
