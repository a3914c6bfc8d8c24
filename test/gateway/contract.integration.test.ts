import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSubscription, rotateKey, setState } from '../../gateway/subscriptions/changeSubscriptions.ts'
import { callRaw } from '../emulator/wire.ts'
import { type GatewayBed, servicePath, startBackend, startGatewayBed } from './gatewayBed.ts'

let backend: Awaited<ReturnType<typeof startBackend>>
let bed: GatewayBed

beforeAll(async () => {
  backend = await startBackend((message, response) => {
    message.resume()
    response.setHeader('X-Own', 'yes')
    response.end('{"ok":true}')
  })
  bed = await startGatewayBed(`${backend.url}/behind/`, { environment: { ACME_KEY: 'endpoint-key' } })
})
afterAll(async () => {
  await bed.remove()
  await backend.close()
})

/** Adds a subscription; the clock moves on far enough for an unknown key to be looked for again. */
async function add(wanted: Parameters<typeof addSubscription>[1]) {
  const added = await addSubscription(bed.ports, wanted)
  bed.clock.nowMs += 101
  return added
}

const execute = (key: string | undefined, query = 'api-version=2.0&details=true', headers = {}) =>
  fetch(`${bed.gateway.url}${servicePath}/execute?${query}`, {
    method: 'POST',
    body: '{}',
    headers: { ...(key !== undefined && { 'Ocp-Apim-Subscription-Key': key }), ...headers },
  })

describe('Starter', () => {
  test('lets five calls a minute pass, then answers 429 until the window has moved on', async () => {
    const { keys } = await add({ name: 'acme', product: 'Starter' })
    const statuses: number[] = []
    for (let at = 0; at < 5; at++) statuses.push((await execute(keys.primaryKey)).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200])
    bed.clock.nowMs += 3_000
    const refused = await execute(keys.secondaryKey)
    expect(await refused.text()).toBe(
      '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." }',
    )
    const { headers } = refused
    expect([refused.status, headers.get('retry-after'), headers.get('content-length')]).toEqual([
      429,
      '57',
      '84',
    ])
    bed.clock.nowMs += 56_999
    expect((await execute(keys.primaryKey)).status).toBe(429)
    bed.clock.nowMs += 1
    expect((await execute(keys.primaryKey)).status).toBe(200)
  })

  test('lets a hundred calls a week pass, then answers 403 with the time left', async () => {
    const startedMs = bed.clock.nowMs
    const { keys } = await add({ name: 'weekly', product: 'Starter' })
    for (let at = 0; at < 100; at++) {
      expect((await execute(keys.primaryKey)).status).toBe(200)
      bed.clock.nowMs += 12_001
    }
    bed.clock.nowMs = startedMs + 604_800_000 - 402_007_000
    const refused = await execute(keys.primaryKey)
    expect(await refused.text()).toBe(
      '{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 4.15:40:07." }',
    )
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '402007'])
    bed.clock.nowMs = startedMs + 604_800_000
    expect((await execute(keys.primaryKey)).status).toBe(200)
  })
})

describe('keys', () => {
  test('a missing and an invalid one are 401 with the documented bodies', async () => {
    const missing = await execute(undefined)
    expect([missing.status, missing.headers.get('content-length')]).toEqual([401, '152'])
    expect(missing.headers.get('www-authenticate')).toBe(
      `AzureApiManagementKey realm="${bed.gateway.url}/azureml-demo",name="Ocp-Apim-Subscription-Key",type="header"`,
    )
    const invalid = await execute('0'.repeat(32))
    expect([invalid.status, invalid.headers.get('content-length')]).toEqual([401, '143'])
    expect((await execute(undefined, 'api-version=2.0&subscription-key=x')).status).toBe(401)
  })

  test('by the query are as good as by the header, and go no further', async () => {
    const key = bed.keyOf('Unlimited')
    const answer = await execute(undefined, `subscription-key=${key}&api-version=2.0`, {
      Authorization: 'Bearer mine',
    })
    expect([answer.status, answer.headers.get('x-own')]).toEqual([200, 'yes'])
    await execute(key)
    const [byQuery, byHeader] = backend.asked.slice(-2)
    expect(byQuery?.url).toBe('/behind/workspaces/w1/services/s1/execute?api-version=2.0')
    expect(byQuery?.headers.authorization).toBe('Bearer mine')
    expect(byQuery?.headers.host).toBe(new URL(backend.url).host)
    expect(JSON.stringify([byQuery, byHeader])).not.toContain(key)
  })

  test('rotated, suspended, active again', async () => {
    const { keys } = await add({ name: 'rotating', product: 'Unlimited' })
    expect((await execute(keys.primaryKey)).status).toBe(200)
    const fresh = await rotateKey(bed.ports, 'rotating', 'primary')
    bed.clock.nowMs += 1_001
    expect((await execute(keys.primaryKey)).status).toBe(401)
    expect((await execute(fresh)).status).toBe(200)
    for (const state of ['suspended', 'cancelled', 'expired', 'submitted', 'rejected'] as const) {
      await setState(bed.ports, 'rotating', state)
      bed.clock.nowMs += 1_001
      const refused = await execute(keys.secondaryKey)
      expect([state, refused.status, refused.headers.get('content-length')]).toEqual([state, 401, '143'])
    }
    await setState(bed.ports, 'rotating', 'active')
    bed.clock.nowMs += 1_001
    expect((await execute(keys.secondaryKey)).status).toBe(200)
  })

  test('an endpoint’s key takes the place of the caller’s where the subscription refers to one', async () => {
    const { keys } = await add({
      name: 'injected',
      product: 'Unlimited',
      endpointKey: 'env:ACME_KEY',
    })
    await execute(keys.primaryKey, undefined, { Authorization: 'Bearer mine' })
    expect(backend.asked.at(-1)?.headers.authorization).toBe('Bearer endpoint-key')
    const unset = { name: 'unset', product: 'Unlimited', endpointKey: 'env:NOT_THERE' }
    const { keys: others } = await add(unset)
    expect((await execute(others.primaryKey)).status).toBe(502)
    expect(bed.reports.at(-1)).toBe('Cannot call for subscription unset: its endpoint key is not set')
  })
})

test('only the five operations are passed on', async () => {
  const before = backend.asked.length
  const headers = { 'Ocp-Apim-Subscription-Key': bed.keyOf('Unlimited') }
  for (const [method, path] of [
    ['GET', `${servicePath}/execute`],
    ['POST', '/azureml-demo/admin/faults'],
    ['GET', '/workspaces/w1/services/s1/jobs/j1'],
    ['PUT', '/azureml-demo/workspaces/w1/webservices/s1/endpoints/e1'],
  ] as const) {
    const answer = await fetch(bed.gateway.url + path, { method, headers })
    expect([path, answer.status, await answer.text()]).toEqual([
      path,
      404,
      '{ "statusCode": 404, "message": "Resource not found" }',
    ])
  }
  for (const target of [
    `${servicePath}/../../../../admin/execute`,
    '/azureml-demo/workspaces/%2e%2e/services/s1/execute',
    'http://evil.example/azureml-demo/workspaces/w1/services/s1/execute',
    '*',
  ]) {
    const lines = [
      `POST ${target} HTTP/1.1`,
      'Host: g',
      `Ocp-Apim-Subscription-Key: ${bed.keyOf('Unlimited')}`,
    ]
    lines.push('Content-Length: 0', 'Connection: close')
    const answer = await callRaw(bed.gateway.url, `${lines.join('\r\n')}\r\n\r\n`)
    expect([target, answer.status]).toEqual([target, 404])
  }
  expect(backend.asked.length).toBe(before)
})

test('no file of the gateway holds a key but the sample ones', async () => {
  const { keys } = await add({ name: 'secretive', product: 'Unlimited' })
  await execute(keys.primaryKey)
  await fetch(`${bed.gateway.url}/usage`)
  const files = await readdir(bed.folder, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
  )
  expect(texts.length).toBeGreaterThan(3)
  expect(texts.filter((text) => text.includes(keys.primaryKey) || text.includes(keys.secondaryKey))).toEqual(
    [],
  )
})
