import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'

let bed: TestBed
let fruit: Target
let services: string

beforeAll(async () => {
  bed = await startTestBed({ maxEndpointsPerService: 4 })
  fruit = bed.target('Fruit [predictive exp.]')
  services = fruit.management.replace(/\/[^/]+\/endpoints\/default$/, '')
})
afterAll(() => bed.remove())

const put = (name: string, body: unknown) =>
  call('PUT', fruit.management.replace('default', name), bed.token, body)

const listed = [
  ...['Name', 'Description', 'CreationTime', 'WorkspaceId', 'WebServiceId', 'HelpLocation', 'PrimaryKey'],
  ...['SecondaryKey', 'ApiLocation', 'PreventUpdate', 'MaxConcurrentCalls', 'DiagnosticsTraceLevel'],
  'ThrottleLevel',
]

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
})

describe('endpoints', () => {
  test('are listed with 13 members in the order of the service, and described by name with 16', async () => {
    const list = await call('GET', fruit.management.replace('/default', ''), bed.token)
    expect(Object.keys(list.json[0])).toEqual(listed)
    const one = await call('GET', fruit.management, fruit.key)
    expect(Object.keys(one.json)).toEqual([...listed, 'Resources', 'SampleDataEnabled', 'ExperimentLocation'])
    const [resource] = one.json.Resources
    expect(resource).toMatchObject({ Name: 'Fruit [trained model]', Location: { SasBlobToken: '' } })
    const { BaseLocation, RelativeLocation } = resource.Location
    expect(BaseLocation + RelativeLocation).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1\/emulator-/)
  })

  test('are added with keys of their own, the model of the deployment and the settings given', async () => {
    const added = await put('contoso', { Description: 'd', ThrottleLevel: 'High', MaxConcurrentCalls: '50' })
    expect(added.status).toBe(201)
    expect(added.json).toMatchObject({ Name: 'contoso', MaxConcurrentCalls: 50, PreventUpdate: false })
    expect(added.json.PrimaryKey).toMatch(/^[A-Za-z0-9+/]{86}==$/)
    expect(added.json.ApiLocation).toMatch(/\/workspaces\/[0-9a-f]{32}\/services\/[0-9a-f]{32}$/)
    const scored = await call(
      'POST',
      `${added.json.ApiLocation}/execute?api-version=2.0`,
      added.json.PrimaryKey,
      {
        Inputs: { input1: [{ size: '15', colour: 'red' }] },
      },
    )
    expect(scored.status).toBe(200)
    const again = await put('contoso', { ThrottleLevel: 'Low', MaxConcurrentCalls: null })
    expect([again.status, again.json.PrimaryKey]).toEqual([200, added.json.PrimaryKey])
    expect(again.json).toMatchObject({ ThrottleLevel: 'Low', MaxConcurrentCalls: 4, Description: 'd' })
  })

  test.each(['With-Dash', 'a'.repeat(25), 'ümlaut'])('a name like %s is refused', async (name) => {
    const { status, json } = await put(encodeURIComponent(name), {})
    expect([status, json.error.details[0].code]).toEqual([400, 'UserParameterInvalid'])
  })

  test('more calls at a time than 200 are refused', async () => {
    const { json } = await put('many', { MaxConcurrentCalls: 201 })
    expect(json.error.details[0].code).toBe('WebServiceTooManyConcurrentRequestRequirement')
  })

  test('there is an end to their number', async () => {
    await put('second', {})
    await put('third', {})
    const { status, json } = await put('fourth', {})
    expect([status, json.error.code]).toEqual([400, 'InvalidOperation'])
    for (const name of ['second', 'third']) {
      await call('DELETE', fruit.management.replace('default', name), bed.token)
    }
  })

  test('the default one cannot be deleted while others are there, nor refreshed', async () => {
    await put('other', {})
    const deleted = await call('DELETE', fruit.management, bed.token)
    const refreshed = await call('POST', `${fruit.management}/refresh`, bed.token, {
      OverwriteResources: 'True',
    })
    expect([deleted.status, refreshed.status]).toEqual([400, 400])
    const other = fruit.management.replace('default', 'other')
    expect((await call('DELETE', other, bed.token)).status).toBe(200)
    const gone = await call('GET', other, bed.token)
    expect([gone.status, gone.json.error.code]).toEqual([404, 'NotFound'])
  })
})

test('the front page and the data sources answer, as old clients ask them first', async () => {
  const { url, workspaces } = bed.emulator.describe()
  expect((await call('GET', `${url}/`)).text).toContain('Fruit [predictive exp.]')
  const sources = await call('GET', `${url}/api/workspaces/${workspaces[0]?.id}/datasources`, bed.token)
  expect(sources.text).toBe('null')
})
