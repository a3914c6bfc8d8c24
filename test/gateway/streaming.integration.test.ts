import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { eventually } from '../setup/eventually.ts'
import { patience } from '../setup/patience.ts'
import { type GatewayBed, servicePath, startBackend, startGatewayBed } from './gatewayBed.ts'

const opened: { remove(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.remove()
})

async function bench(
  handler: Parameters<typeof startBackend>[0],
  timeouts: { headersSeconds?: number; bodySeconds?: number } = {},
): Promise<{ bed: GatewayBed; backend: Awaited<ReturnType<typeof startBackend>> }> {
  const backend = await startBackend(handler)
  const bed = await startGatewayBed(backend.url, { backend: { url: backend.url, ...timeouts } })
  opened.push(bed, { remove: backend.close })
  return { bed, backend }
}

function open(bed: GatewayBed, headers = {}) {
  const { hostname, port } = new URL(bed.gateway.url)
  return request({
    hostname,
    port,
    method: 'POST',
    path: `${servicePath}/execute?api-version=2.0`,
    headers: { 'Ocp-Apim-Subscription-Key': bed.keyOf('Unlimited'), ...headers },
  })
}

test('a large body reaches the back end while it is still being sent, and its answer the caller', async () => {
  const { bed } = await bench((message, response) => {
    response.writeHead(200)
    message.on('data', (chunk: Buffer) => response.write(`${chunk.length};`))
    message.on('end', () => response.end('end'))
  })
  const call = open(bed, { 'Transfer-Encoding': 'chunked' })
  call.write('x'.repeat(70_000))
  const [answer] = await once(call, 'response')
  answer.setEncoding('utf8')
  const [first] = await once(answer, 'data')
  expect(first).toMatch(/^\d+;/)
  call.end('last')
  let rest = ''
  for await (const part of answer) rest += part
  expect(rest).toMatch(/4;end$/)
})

test('fifty megabytes pass both ways unchanged', async () => {
  const { bed } = await bench((message, response) => message.pipe(response))
  const chunk = Buffer.alloc(1024 * 1024, 'abcdefgh')
  const call = open(bed, { 'Content-Length': 50 * chunk.length })
  const [sent, received] = [createHash('md5'), createHash('md5')]
  call.on('response', (answer) => answer.on('data', (part: Buffer) => received.update(part)))
  for (let at = 0; at < 50; at++) {
    sent.update(chunk)
    if (!call.write(chunk)) await once(call, 'drain')
  }
  call.end()
  await once(call, 'close')
  expect(received.digest('hex')).toBe(sent.digest('hex'))
})

test('a caller that does not read holds the back end up: the gateway keeps little of the answer', async () => {
  const chunk = Buffer.alloc(1024 * 1024)
  let sentChunks = 0
  const { bed } = await bench((message, response) => {
    message.resume()
    const send = () => {
      while (sentChunks < 200) {
        sentChunks++
        if (!response.write(chunk)) return response.once('drain', send)
      }
      return response.end()
    }
    send()
  })
  const call = open(bed, { 'Content-Length': 2 })
  call.end('{}')
  const [answer] = await once(call, 'response')
  let before = -1
  await vi.waitFor(
    () => {
      const isHeldUp = sentChunks === before
      before = sentChunks
      expect(isHeldUp).toBe(true)
    },
    { ...patience, interval: 300 },
  )
  expect(sentChunks).toBeLessThan(40)
  let sizeBytes = 0
  for await (const part of answer) sizeBytes += part.length
  expect(sizeBytes).toBe(200 * chunk.length)
})

test('when the caller goes away, the call to the back end is aborted', async () => {
  let aborted = false
  const { bed, backend } = await bench((message, response) => {
    message.resume()
    response.on('close', () => {
      aborted = !response.writableFinished
    })
  })
  const call = open(bed, { 'Content-Length': 2 })
  call.on('error', () => {})
  call.end('{}')
  await eventually(() => expect(backend.asked).toHaveLength(1))
  call.destroy()
  await eventually(() => expect(aborted).toBe(true))
})

const failures: [
  when: string,
  handler: Parameters<typeof startBackend>[0],
  timeouts: { headersSeconds?: number },
  status: number,
  message: string,
][] = [
  ['hangs up', (message) => message.socket.destroy(), {}, 502, 'The backend service could not be reached'],
  [
    'does not answer in time',
    (message) => message.resume(),
    { headersSeconds: 0.2 },
    504,
    'Request to the backend service timed out',
  ],
]
test.each(failures)('a back end that %s', async (_when, handler, timeouts, status, message) => {
  const { bed } = await bench(handler, timeouts)
  const call = open(bed, { 'Content-Length': 2 })
  call.end('{}')
  const [answer] = await once(call, 'response')
  answer.setEncoding('utf8')
  let body = ''
  for await (const part of answer) body += part
  expect([answer.statusCode, body]).toEqual([status, `{ "statusCode": ${status}, "message": "${message}" }`])
  expect(bed.reports).toEqual([expect.stringMatching(/^Cannot get an answer of http:\S+: [A-Z_]+$/)])
})

test('a back end that breaks off in its answer breaks off the caller’s', async () => {
  const { bed } = await bench((message, response) => {
    message.resume().on('end', () => {
      response.writeHead(200, { 'Content-Length': 1_000 })
      response.write('half', () => message.socket.destroy())
    })
  })
  const call = open(bed, { 'Content-Length': 2 })
  call.end('{}')
  const [answer] = await once(call, 'response')
  answer.resume()
  await expect(once(answer, 'end')).rejects.toThrow('aborted')
})

test('headers of the connection are not passed on; errors and repeated headers of the back end are', async () => {
  const { bed, backend } = await bench((message, response) => {
    message.resume()
    response.writeHead(400, ['Set-Cookie', 'a', 'Set-Cookie', 'b', 'Connection', 'X-Hop', 'X-Hop', '1'])
    response.end('no')
  })
  const call = open(bed, {
    'Content-Length': 2,
    Connection: 'keep-alive, X-Mine',
    'X-Mine': '1',
    'X-Kept': '2',
  })
  call.end('{}')
  const [answer] = await once(call, 'response')
  answer.resume()
  await once(answer, 'end')
  expect([answer.statusCode, answer.headers['set-cookie'], answer.headers['x-hop']]).toEqual([
    400,
    ['a', 'b'],
    undefined,
  ])
  expect(backend.asked[0]?.headers).toMatchObject({ 'x-kept': '2', 'content-length': '2' })
  expect(backend.asked[0]?.headers['x-mine']).toBeUndefined()
})
