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

const put = (name: string, body: unknown) =>
  call('PUT', fruit.management.replace('default', name), bed.token, body)

describe('endpoints', () => {
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
