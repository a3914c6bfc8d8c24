import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callRaw } from '../emulator/wire.ts'
import { type GatewayBed, servicePath, startBackend, startGatewayBed } from './gatewayBed.ts'

let backend: Awaited<ReturnType<typeof startBackend>>
let bed: GatewayBed
let key: string

beforeAll(async () => {
  backend = await startBackend((message, response) => {
    message.resume()
    message.on('end', () => response.end('ok'))
  })
  bed = await startGatewayBed(backend.url)
  key = bed.keyOf('Unlimited')
})
afterAll(async () => {
  await bed.remove()
  await backend.close()
})

const target = `${servicePath}/execute?api-version=2.0`
const post = (...headers: string[]) => [`POST ${target} HTTP/1.1`, 'Host: g', ...headers]
const withKey = () => `Ocp-Apim-Subscription-Key: ${key}`
const sent = (lines: string[], body = '') => callRaw(bed.gateway.url, `${lines.join('\r\n')}\r\n\r\n${body}`)

const both = ['Content-Length: 4', 'Transfer-Encoding: chunked']
const malformed: [what: string, lines: () => string[], body: string][] = [
  ['a length and chunks', () => post(withKey(), ...both), '0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n'],
  ['two lengths', () => post(withKey(), 'Content-Length: 4', 'Content-Length: 5'), 'abcd'],
  ['an unknown coding', () => post(withKey(), 'Transfer-Encoding: xchunked'), '0\r\n\r\n'],
  ['a blank before the colon', () => post(withKey(), 'Transfer-Encoding : chunked'), '0\r\n\r\n'],
  ['a chunk that is none', () => post(withKey(), 'Transfer-Encoding: chunked'), 'zz\r\nabc\r\n0\r\n\r\n'],
  ['no host', () => [`POST ${target} HTTP/1.1`, withKey(), 'Content-Length: 0', 'Connection: close'], ''],
  ['two hosts', () => post('Host: h', withKey(), 'Content-Length: 0', 'Connection: close'), ''],
  ['an unknown method', () => [`BREW ${target} HTTP/1.1`, 'Host: g'], ''],
  ['no HTTP', () => ['\u0016\u0003\u0001'], ''],
]
test.each(malformed)('what is no proper request is answered in words: %s', async (_what, lines, body) => {
  const before = backend.asked.length
  const { status, json } = await sent(lines(), body)
  expect([status, json]).toEqual([
    400,
    { statusCode: 400, message: 'This is no HTTP request that can be read' },
  ])
  // Only the broken chunk comes after a head that could be passed on: its call to the back end is aborted.
  expect(backend.asked.slice(before).every(({ url }) => url.startsWith('/workspaces/'))).toBe(true)
})

test('a head that is too large and an odd expectation are answered in words', async () => {
  const large = await sent(post(withKey(), `X-Large: ${'a'.repeat(20_000)}`))
  expect([large.status, large.json.statusCode]).toEqual([431, 431])
  const odd = await sent(post(withKey(), 'Expect: 200-ok', 'Content-Length: 0', 'Connection: close'))
  expect([odd.status, odd.json.statusCode]).toEqual([417, 417])
})

const keys: [what: string, query: string, header: (key: string) => string[], status: number][] = [
  ['twice in the header', '', (own) => [own, own], 401],
  ['in upper case', '', (own) => [own.toUpperCase()], 401],
  ['not ASCII', '', () => ['Ocp-Apim-Subscription-Key: \u00e9'], 401],
  ['right in the header, wrong in the query', '&subscription-key=no', (own) => [own], 200],
  [
    'wrong in the header, right in the query',
    '&subscription-key=KEY',
    () => ['Ocp-Apim-Subscription-Key: no'],
    401,
  ],
  ['right and wrong in the query', '&subscription-key=KEY&Subscription-Key=no', () => [], 200],
  ['percent-encoded in the query', '&subscription%2dkey=KEY', () => [], 200],
]
test.each(keys)('a key %s', async (_what, query, header, status) => {
  const line = `POST ${target}${query.replace('KEY', key)} HTTP/1.1`
  const lines = [line, 'Host: g', ...header(withKey()), 'Content-Length: 0', 'Connection: close']
  const answer = await sent(lines)
  expect([answer.status, answer.text.includes(key)]).toEqual([status, false])
  if (status === 200) expect(JSON.stringify(backend.asked.at(-1))).not.toMatch(/subscription.?key/i)
})

test('HTTP/1.0, other methods and upgrades are answered as what they are', async () => {
  const old = await sent([`POST ${target} HTTP/1.0`, withKey(), 'Content-Length: 0'])
  expect([old.status, old.text]).toEqual([200, 'ok'])
  for (const method of ['OPTIONS', 'TRACE', 'PUT']) {
    const answer = await sent([`${method} ${target} HTTP/1.1`, 'Host: g', withKey(), 'Connection: close'])
    expect([method, answer.status, answer.headers.has('access-control-allow-origin')]).toEqual([
      method,
      404,
      false,
    ])
  }
  const upgrading = post(withKey(), 'Content-Length: 0', 'Connection: Upgrade, close', 'Upgrade: websocket')
  expect((await sent(upgrading)).status).toBe(200)
  expect(backend.asked.at(-1)?.headers.upgrade).toBeUndefined()
  const headed = await fetch(bed.gateway.url + target, { method: 'HEAD' })
  expect(headed.status).toBe(404)
  const head = await fetch(`${bed.gateway.url}/assets/gateway.css`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('a caller that goes away in its body ends nothing but its own call', async () => {
  const { port } = new URL(bed.gateway.url)
  const before = backend.asked.length
  for (const length of [100, 100_000]) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`${post(withKey(), `Content-Length: ${length}`).join('\r\n')}\r\n\r\nabc`)
    // The small body is waited for whole; of the large one the back end has the head by now.
    if (length > 65_536) await vi.waitFor(() => expect(backend.asked.length).toBe(before + 1))
    socket.destroy()
  }
  expect((await sent(post(withKey(), 'Content-Length: 0', 'Connection: close'))).status).toBe(200)
})

test('nothing of all this is reported with a key', () => {
  expect(bed.reports.filter((line) => line.includes(key))).toEqual([])
})
