import { beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

let world: World
let api: ReturnType<typeof createApiCalls>
const path = 'customers/contoso/models/census/handover'

beforeEach(async () => {
  world = await createWorld()
  api = createApiCalls(world.ports)
})

test('an endpoint is handed over once; again only when that is said', async () => {
  const first = await api.post(path, {}, { headers: { 'x-retrain-caller': 'zoe' } })
  expect(first).toMatchObject({ status: 200, body: { key: 'the key behind env:CONTOSO_KEY' } })
  expect(first.body.url).toMatch(/\/services\/e\/execute\?api-version=2\.0&details=true$/)
  const second = await api.post(path, {})
  expect(second).toMatchObject({ status: 409, body: { code: 'handed-over' } })
  expect(second.body.detail).toContain('zoe had it at 2026-01-01')
  expect((await api.post(path, { again: true })).status).toBe(200)
  const { items } = await world.ports.listAudit({ size: 10 })
  expect(items.map(({ what, outcome }) => `${what}: ${outcome}`).toSorted()).toEqual([
    'hand over endpoint: done',
    'hand over endpoint: done',
    'hand over endpoint: refused',
  ])
  const kept = [world.lines, items, ...Object.values(world.tables).map((table) => table.rows())]
  expect(JSON.stringify(kept)).not.toContain('the key behind')
})

test('with the gateway no key leaves the app', async () => {
  const answer = await api.post(path, { gateway: true })
  expect(answer.body).toEqual({
    url: expect.stringMatching(/\/services\/e$/),
    keyReference: 'env:CONTOSO_KEY',
  })
})

test('a key that is not there does not use up the one time', async () => {
  const failing = { ...world.ports, revealSecret: async () => Promise.reject(new Error('none')) }
  expect((await createApiCalls(failing).post(path, {})).status).toBe(500)
  expect((await api.post(path, {})).status).toBe(200)
  expect((await api.post('customers/contoso/models/churn/handover', {})).status).toBe(404)
})

test('the plan of retention and the erasure of an unknown customer', async () => {
  expect((await api.get('retention/plan')).body).toEqual({ items: [] })
  const answer = await api.post('erasures', { customerId: 'nobody' })
  expect(answer).toMatchObject({ status: 404, body: { code: 'no-such-customer' } })
  expect((await api.post('erasures', { customerId: 'contoso' })).body.code).toBe('in-service')
})
