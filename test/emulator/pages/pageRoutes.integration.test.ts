import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call, callRaw } from '../wire.ts'

let bed: TestBed
let fruit: Target
let url: string
let help: string
let workspace: string

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
  url = bed.emulator.url
  workspace = bed.emulator.describe().workspaces[0]?.id ?? ''
  help = `${url}/apihelp/workspaces/${workspace}/webservices/${fruit.serviceId}/endpoints/${fruit.id}`
})
afterAll(() => bed.remove())

describe('swagger', () => {
  test('is the same by API location, alias, and api document by id or name, without a key', async () => {
    const { status, text, headers } = await call('GET', `${fruit.api}/swagger.json`)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    const service = fruit.management.replace(/\/default$/, '')
    const others = [
      `${fruit.api}/swagger.json?api-version=2.0`,
      `${url}/subscriptions/s/services/${fruit.id}/swagger.json`,
      `${service}/${fruit.id}/apidocument`,
      `${service}/default/apidocument`,
      `${service.toUpperCase().replace(url.toUpperCase(), url)}/DEFAULT/ApiDocument`,
    ]
    for (const other of others) expect((await call('GET', other)).text, other).toBe(text)
  })

  test('has an example that the endpoint scores', async () => {
    const { json } = await call('GET', `${fruit.api}/swagger.json`)
    const [, path] = Object.keys(json.paths)
    const answer = await call(
      'POST',
      `${fruit.api}${path}`,
      fruit.key,
      json.definitions.ExecutionRequest.example,
    )
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json.Results.output1[0])).toEqual(json.definitions.output1Item.required)
  })

  test.each([
    ['an unknown endpoint', () => `${url}/workspaces/${workspace}/services/${'0'.repeat(32)}/swagger.json`],
    ['another workspace', () => `${url}/workspaces/${'0'.repeat(32)}/services/${fruit.id}/swagger.json`],
    ['an unknown name', () => `${fruit.management.replace(/default$/, 'nobody')}/apidocument`],
  ])('is 404 for %s', async (_when, path) => {
    const { status, json } = await call('GET', path())
    expect([status, json.error.code]).toEqual([404, 'NotFound'])
  })
})

describe('pages', () => {
  test('are HTML under a policy that lets only the emulator run and load anything', async () => {
    for (const path of [url, help, `${help}/score`, `${help}/jobs`, `${help}/update`]) {
      const { status, headers } = await call('GET', path)
      expect([path, status, headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8'])
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('ask only for files that are there', async () => {
    const page = await call('GET', `${url}/portal/workspaces/${workspace}/webservices/${fruit.serviceId}`)
    const files = [...page.text.matchAll(/(?:src|href)="(\/portal\/assets\/[^"]+)"/g)].map(([, path]) => path)
    expect(files).toHaveLength(3)
    for (const file of files) expect((await call('GET', `${url}${file}`)).status, file).toBe(200)
    const script = await call('GET', `${url}/portal/assets/portal.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    for (const [, file] of script.text.matchAll(/from '\.\/([^']+)'/g)) {
      expect((await call('GET', `${url}/portal/assets/${file}`)).status, file).toBe(200)
    }
  })

  test('hold neither keys nor tokens', async () => {
    const paths = [
      url,
      `${url}/portal/workspaces/${workspace}/webservices/${fruit.serviceId}`,
      ...['', '/score', '/jobs', '/update'].map((page) => help + page),
      `${fruit.api}/swagger.json`,
    ]
    for (const path of paths) {
      const { text } = await call('GET', path)
      expect(text.includes(fruit.key) || text.includes(bed.token) || text.includes('AccountKey'), path).toBe(
        false,
      )
    }
  })

  test.each([
    '/apihelp/workspaces/x/webservices/y/endpoints/z',
    '/portal/workspaces/x/webservices/y',
    '/portal',
  ])('that are not there are 404 and say so: %s', async (path) => {
    const { status, text } = await call('GET', url + path)
    expect([status, text.includes('<h1>Not found</h1>')]).toEqual([404, true])
  })

  test('names of files lead nowhere else', async () => {
    expect((await call('GET', `${url}/portal/assets/..%2f..%2fpackage.json`)).status).toBe(404)
  })
})

describe('the workspace token', () => {
  const path = () => `/portal/workspaces/${workspace}/token`

  test('is given to the portal on this machine, and opens the management plane', async () => {
    const answer = await fetch(url + path(), { method: 'POST', headers: { 'x-portal': '1' } })
    expect(await answer.json()).toEqual({ token: bed.token })
  })

  test('is not given to a page of another site, nor under another name of this machine', async () => {
    const headers = { 'x-portal': '1', Origin: 'http://evil.example' }
    expect((await fetch(url + path(), { method: 'POST', headers })).status).toBe(401)
    const lines = [
      `POST ${path()} HTTP/1.1`,
      'Host: evil.example',
      'x-portal: 1',
      'Content-Length: 0',
      'Connection: close',
    ]
    const rebound = await callRaw(url, `${lines.join('\r\n')}\r\n\r\n`)
    expect([rebound.status, rebound.json.error.code]).toEqual([401, 'Unauthorized'])
  })

  test('is not given by GET', async () => {
    expect((await fetch(url + path(), { headers: { 'x-portal': '1' } })).status).toBe(404)
  })
})

test('many endpoints are shown page by page and found by name', async () => {
  for (let at = 0; at < 30; at++) {
    const added = await call('PUT', fruit.management.replace('default', `many${at}`), bed.token, {})
    expect(added.status).toBe(201)
  }
  const page = `${url}/portal/workspaces/${workspace}/webservices/${fruit.serviceId}`
  const cards = (text: string) => text.match(/<li class="card"/g)?.length
  expect(cards((await call('GET', page)).text)).toBe(25)
  expect(cards((await call('GET', `${page}?page=2`)).text)).toBe(6)
  expect(cards((await call('GET', `${page}?page=99`)).text)).toBe(6)
  expect(cards((await call('GET', `${page}?q=many2`)).text)).toBe(11)
  expect((await call('GET', `${page}?q=<b>`)).text).toContain(
    'No endpoint has <code>&lt;b&gt;</code> in its name',
  )
})
