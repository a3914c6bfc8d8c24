import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call, callRaw } from '../wire.ts'

let bed: TestBed
let fruit: Target

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
})
afterAll(() => bed.remove())

const table = { ColumnNames: ['size', 'colour'], Values: [['15', 'red']] }
const score = () =>
  call('POST', `${fruit.api}/execute?api-version=2.0`, fruit.key, { Inputs: { input1: table } })

describe('clients that are odd on the wire', () => {
  const body = JSON.stringify({ Inputs: { input1: table }, GlobalParameters: {} })
  const post = (authorization: string, headers: string[], payload: string) =>
    callRaw(
      fruit.api,
      [
        `POST ${new URL(fruit.api).pathname}/execute?api-version=2.0 HTTP/1.1`,
        'Host: 127.0.0.1',
        `Authorization: ${authorization}`,
        'Connection: close',
        ...headers,
        '',
        payload,
      ].join('\r\n'),
    )
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  const half = body.length >> 1
  const chunked = [body.slice(0, half), body.slice(half), '']
    .map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
    .join('')
  const cases: [who: string, scheme: string, headers: string[], payload: string][] = [
    [
      'C# PostAsJsonAsync: chunked, no Content-Length',
      'Bearer ',
      ['Content-Type: application/json; charset=utf-8', 'Transfer-Encoding: chunked'],
      chunked,
    ],
    [
      'PowerShell: charset=us-ascii',
      'Bearer ',
      ['Content-Type: application/json; charset=us-ascii', length],
      body,
    ],
    ['R: charset=UTF8', 'Bearer ', ['Content-Type: application/json;charset=UTF8', length], body],
    [
      'Java: text/json with Content-Encoding: UTF-8',
      'Bearer ',
      ['Content-Type: text/json', 'Content-Encoding: UTF-8', length],
      body,
    ],
    ['Python: a lower-case scheme', 'bearer ', ['Content-Type: application/json', length], body],
    ['R publish: two blanks after the scheme', 'Bearer  ', ['Content-Type: application/json', length], body],
    ['no content type at all', 'Bearer ', [length], body],
  ]
  test.each(cases)('%s', async (_who, scheme, headers, payload) => {
    const { status, json } = await post(`${scheme}${fruit.key}`, headers, payload)
    expect(status).toBe(200)
    expect(json.Results.output1.value.Values[0][2]).toBe('yes')
  })

  test('azmlclient: a bare NaN counts as missing', async () => {
    const withNaN = body.replace('"15"', 'NaN')
    const headers = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(withNaN)}`]
    const { json } = await post(`Bearer ${fruit.key}`, headers, withNaN)
    expect(json.Results.output1.value.Values[0][0]).toBeNull()
  })
})

test('above the concurrency of the endpoint RRS answers 503 RequestThrottled, and scores again afterwards', async () => {
  const limited = await call('PATCH', fruit.management, bed.token, { ThrottleLevel: 'Low' })
  expect(limited.status).toBe(200)
  const { hostname, port, pathname } = new URL(fruit.api)
  const head = `POST ${pathname}/execute?api-version=2.0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fruit.key}\r\nContent-Length: 100\r\n\r\n`
  const sockets: Socket[] = []
  for (let at = 0; at < 4; at++) {
    const socket = connect(Number(port), hostname)
    socket.write(head)
    sockets.push(socket)
  }
  const throttled = await vi.waitFor(async () => {
    const answer = await score()
    expect(answer.status).toBe(503)
    return answer
  })
  expect(throttled.json.error).toMatchObject({
    code: 'ServiceUnavailable',
    details: [{ code: 'RequestThrottled', message: expect.stringMatching(/default endpoint.*is 4\./) }],
  })
  for (const socket of sockets) socket.destroy()
  await vi.waitFor(async () => expect((await score()).status).toBe(200))
})
