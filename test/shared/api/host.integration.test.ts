import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAzurite } from '../../../local/azurite.ts'
import { startHost } from '../../../local/host/host.ts'
import { packageApp } from '../../../scripts/packageApp.ts'
import { createAppPorts } from '../../../shared/adapters/appPorts.ts'
import { createAzureStores, createMissing } from '../../../shared/adapters/azureStores.ts'
import { routes } from '../../../shared/api/routes.ts'
import { createMemoryServices } from '../../fakes/memoryServices.ts'
import { createVirtualClock } from '../../fakes/virtualClock.ts'
import { limits, service, settings } from '../../fakes/world.ts'

/** The deployed package in the local host, which asks for keys, over a storage account of its own; only its HTTP functions. */
async function startApp() {
  const folder = await mkdtemp(join(tmpdir(), 'api-host-'))
  const azurite = await startAzurite()
  await packageApp(join(folder, 'app'))
  const names = [...routes.map(({ name }) => name), 'noSuchRoute']
  const { PATH } = process.env
  const host = await startHost({
    root: join(folder, 'app'),
    auth: true,
    environment: {
      PATH,
      AzureWebJobsStorage: azurite.connectionString,
      RETRAIN_STORAGE: azurite.connectionString,
      DEVELOPMENT_LOOPBACK: 'true',
      AzureFunctionsWebHost__hostid: 'api',
      ...Object.fromEntries(names.map((name, at) => [`AzureFunctionsJobHost__functions__${at}`, name])),
    },
    log: () => {},
  })
  const stop = async () => {
    await host.stop()
    await azurite.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { host, stop, connection: azurite.connectionString, key: await masterKey(azurite.connectionString) }
}

async function masterKey(connection: string): Promise<string> {
  const secrets =
    BlobServiceClient.fromConnectionString(connection).getContainerClient('azure-webjobs-secrets')
  const text = (await secrets.getBlobClient('api/host.json').downloadToBuffer()).toString('utf8')
  return JSON.parse(text).masterKey.value
}

/** Two models of two customers, in the real tables. */
async function fill(connection: string): Promise<void> {
  const stores = createAzureStores(connection)
  await createMissing(stores)
  const silent = () => {}
  const clock = createVirtualClock()
  const outside = {
    ...createMemoryServices(clock),
    ...{ now: clock.now, newId: () => 'id', random: () => 0.5, redact: (text: string) => text },
    log: { info: silent, warn: silent, error: silent },
  }
  const ports = createAppPorts(stores, outside, limits)
  await ports.putTrainingService(service)
  await ports.putSettings(settings)
  await ports.putSettings({ ...settings, customerId: 'fabrikam' })
}

let app: Awaited<ReturnType<typeof startApp>>

beforeAll(async () => {
  app = await startApp()
  await fill(app.connection)
})
afterAll(() => app?.stop())

async function call(method: string, path: string, init: RequestInit = {}) {
  const headers = { 'x-functions-key': app.key, 'x-retrain-reason': 'a test', ...init.headers }
  const response = await fetch(`${app.host.url}/api/${path}`, { ...init, method, headers })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
}

const json = (body: unknown) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

test('without a key nothing is answered', async () => {
  const response = await fetch(`${app.host.url}/api/fleet`)
  expect(response.status).toBe(401)
})

test('the fleet, its models and one of them are read from the tables', async () => {
  expect((await call('GET', 'fleet')).body).toMatchObject({ models: 2, states: { neverTrained: 2 } })
  const first = (await call('GET', 'models?limit=1')).body
  expect(first.items).toMatchObject([{ customerId: 'contoso', state: 'neverTrained' }])
  const rest = (await call('GET', `models?limit=1&continuation=${first.continuation}`)).body
  expect(rest.items).toMatchObject([{ customerId: 'fabrikam' }])
  const one = await call('GET', 'customers/contoso/models/census')
  expect(one.body).toMatchObject({ state: 'neverTrained', endpoint: { keyReference: 'env:CONTOSO_KEY' } })
  const etag = one.headers.get('etag') ?? ''
  const again = await call('GET', 'customers/contoso/models/census', { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
})

test('a write is done and stands in the audit log, with the request id of the caller', async () => {
  const headers = { 'x-retrain-caller': 'ann', 'x-request-id': 'r-1' }
  const paused = await call('POST', 'customers/contoso/models/census/pause', { headers })
  expect(paused).toMatchObject({ status: 200 })
  expect(paused.headers.get('x-request-id')).toBe('r-1')
  expect((await call('GET', 'customers/contoso/models/census/why')).body).toMatchObject({
    state: 'paused',
    waits: [{ kind: 'paused', sentence: expect.stringContaining('paused by ann: a test') }],
  })
  expect((await call('GET', 'audit')).body.items).toMatchObject([
    { by: 'ann', reason: 'a test', outcome: 'done', requestId: 'r-1' },
  ])
})

test.each([
  ['GET', 'nothing/here', {}, 404, 'no-such-address'],
  ['PATCH', 'fleet', {}, 405, 'wrong-method'],
  ['GET', 'customers/%2e%2e%2fhead', {}, 400, 'wrong-request'],
  ['GET', 'models?limit=9999999', {}, 400, 'wrong-request'],
  ['GET', 'models?limit=1&limit=2', {}, 400, 'wrong-request'],
  ['GET', 'models?page=2', {}, 400, 'wrong-request'],
  ['GET', 'models?continuation=abc', {}, 400, 'wrong-continuation'],
  ['POST', 'dead-letters/redrive', json({ everything: true }), 400, 'wrong-request'],
  ['POST', 'dead-letters/redrive', { ...json({}), body: '{"all":' }, 400, 'bad-json'],
  ['POST', 'dead-letters/redrive', { body: 'all' }, 415, 'not-json'],
  ['POST', 'dead-letters/redrive', json({ all: 'x'.repeat(1024 * 1024) }), 413, 'too-large'],
])('%s %s is a problem that says what to do', async (method, path, init, status, code) => {
  const answer = await call(method, path, init)
  expect(answer).toMatchObject({ status, body: { code, detail: expect.stringMatching(/^Cannot /) } })
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
})

test('a body that comes in chunks is not taken for none', async () => {
  const body = new Blob(['{"all":true,"reason":"a test"}']).stream()
  const headers = { 'content-type': 'application/json' }
  const answer = await call('POST', 'dead-letters/redrive', { body, headers, duplex: 'half' } as RequestInit)
  expect(answer).toMatchObject({ status: 411, body: { code: 'no-length' } })
})

test('a name that the query has twice, or that there is none of, is named', async () => {
  const { body } = await call('GET', 'models?limit=1&limit=1&page=2')
  expect(body.errors).toEqual([
    { path: 'query.limit', message: 'given twice' },
    { path: 'query.page', message: expect.stringMatching(/^unknown; there are limit, continuation/) },
  ])
})

test('the document is served', async () => {
  const { body } = await call('GET', 'openapi.json')
  expect(Object.keys(body.paths).length).toBeGreaterThan(20)
})
