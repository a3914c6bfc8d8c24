import { expect, test } from 'vitest'
import { settingsTag } from '../../../shared/api/settingsTag.ts'
import { createWorld, settings } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

const path = 'customers/contoso/models/census'

test('a model is shown with its settings as PUT takes them, and never with a key', async () => {
  const world = await createWorld()
  const { status, body, headers } = await createApiCalls(world.ports).get(path)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    state: 'neverTrained',
    settings: { trainingData: 'latest', endpoint: 'contoso', gate: { kind: 'always' } },
    endpoint: { url: settings.endpoint.url, keyReference: 'env:CONTOSO_KEY' },
    head: { lastGeneration: 0, floor: 0 },
  })
  expect(headers.etag).toMatch(/^"[\w-]+"$/)
})

test('a key that somebody wrote in the place of its reference is not shown', async () => {
  const endpoint = { ...settings.endpoint, apiKey: 'Zm9vYmFyYmF6cXV4cXV1eA==' }
  const world = await createWorld({ endpoint })
  const { body } = await createApiCalls(world.ports).get(path)
  expect(JSON.stringify(body)).not.toContain('Zm9v')
})

test('settings that somebody changed meanwhile are not written over', async () => {
  const world = await createWorld()
  const api = createApiCalls(world.ports)
  const { etag = '' } = (await api.get(path)).headers
  await world.ports.putSettings({ ...settings, quietSeconds: 7 })
  const headers = { 'x-retrain-reason': 'a test', 'if-match': etag }
  expect(await api.call('PUT', path, { body: { quietSeconds: 9 }, headers })).toMatchObject({
    status: 412,
    body: { code: 'settings-changed' },
  })
  expect(await world.ports.readSettings(world.key)).toMatchObject({ quietSeconds: 7 })
  const absent = { 'x-retrain-reason': 'a test', 'if-match': '*' }
  const other = await api.call('PUT', 'customers/nobody/models/census', { body: {}, headers: absent })
  expect(other).toMatchObject({ status: 412 })
})

test('a settings tag depends on the values and not on the order of the fields', () => {
  expect(settingsTag({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(settingsTag({ b: { c: [1, 2] }, a: 1 }))
  expect(settingsTag({ a: [1, 2] })).not.toBe(settingsTag({ a: [2, 1] }))
})
