import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'

let bed: TestBed
let fruit: Target

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
})
afterAll(() => bed.remove())

const listed = [
  ...['Name', 'Description', 'CreationTime', 'WorkspaceId', 'WebServiceId', 'HelpLocation', 'PrimaryKey'],
  ...['SecondaryKey', 'ApiLocation', 'PreventUpdate', 'MaxConcurrentCalls', 'DiagnosticsTraceLevel'],
  'ThrottleLevel',
]

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
})
