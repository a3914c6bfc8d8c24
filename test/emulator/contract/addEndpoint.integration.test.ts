import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'

let bed: TestBed
let fruit: Target

beforeAll(async () => {
  bed = await startTestBed({ maxEndpointsPerService: 4 })
  fruit = bed.target('Fruit [predictive exp.]')
})
afterAll(() => bed.remove())

const put = (name: string, body: unknown) =>
  call('PUT', fruit.management.replace('default', name), bed.token, body)

describe('endpoints', () => {
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
    const again = await put('contoso', { ThrottleLevel: 'Low', MaxConcurrentCalls: '500' })
    expect([again.status, again.json.PrimaryKey]).toEqual([200, added.json.PrimaryKey])
    expect(again.json).toMatchObject({ ThrottleLevel: 'Low', MaxConcurrentCalls: 4, Description: 'd' })
  })

  test.each(['with-dash', 'Northwind', 'a'.repeat(25), 'ümlaut'])(
    'a name like %s is refused',
    async (name) => {
      const { status, json } = await put(encodeURIComponent(name), {})
      expect([status, json.error.details[0].code]).toEqual([400, 'UserParameterInvalid'])
    },
  )

  test('a description that is no text is refused', async () => {
    const { status, json } = await call('PUT', fruit.management.replace('default', 'described'), bed.token, {
      Description: { text: 'a' },
    })
    expect([status, json.error.details[0].code]).toEqual([400, 'RequestBodyInvalid'])
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
})
