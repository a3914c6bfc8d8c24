import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callService, type ServiceCall } from '../../../../shared/adapters/classic/callService.ts'
import type { HttpCall } from '../../../../shared/adapters/http/httpClient.ts'
import { RetryableError } from '../../../../shared/retraining/errors.ts'
import { classicOptions, type ScriptedService, startScriptedService } from './scriptedService.ts'

let server: ScriptedService
let options: ReturnType<typeof classicOptions>
const open: (typeof options)[] = []

beforeAll(async () => {
  server = await startScriptedService()
})
beforeEach(() => {
  options = withTimes({})
})
afterAll(async () => {
  await Promise.all(open.map(({ close }) => close()))
  await server.close()
})

function withTimes(times: Parameters<typeof classicOptions>[1]) {
  const made = classicOptions({ KEY: 'key-number-1' }, times)
  open.push(made)
  return made
}

/** Only the first request has so little time: the ones after it take as long as this machine needs. */
function withFirst(times: Parameters<typeof classicOptions>[1]) {
  const [first, others] = [withTimes(times), withTimes({})]
  let requests = 0
  return { ...others, http: { send } }
  function send(call: HttpCall) {
    requests += 1
    return (requests === 1 ? first : others).http.send(call)
  }
}

function call(more: Partial<ServiceCall> = {}): ServiceCall {
  return {
    what: 'ask the service',
    method: 'GET',
    url: new URL(`${server.url}/x`),
    apiKey: 'env:KEY',
    ...more,
  }
}

async function errorOf(answer: Promise<unknown>): Promise<Error> {
  const thrown = await answer.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  )
  return thrown as Error
}

test('a service that does not answer in time is asked again', async () => {
  options = withFirst({ headersSeconds: 0.5 })
  server.script(() => undefined, [200, 'fine'])
  expect((await callService(options, call())).text).toBe('fine')
  expect(server.arrived).toHaveLength(2)
})

test('a body that stalls is asked for again', async () => {
  options = withFirst({ bodySeconds: 0.5 })
  server.script(
    (response) => response.writeHead(200, { 'content-length': '10' }).write('half'),
    [200, 'fine'],
  )
  expect((await callService(options, call())).text).toBe('fine')
  expect(server.arrived).toHaveLength(2)
})

test('a body that breaks off may be tried again', async () => {
  server.script((response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy())
  })
  expect(await errorOf(callService(options, call()))).toBeInstanceOf(RetryableError)
  expect(server.arrived).toHaveLength(3)
})

test('all tries together have one time-out', async () => {
  options = withTimes({ totalSeconds: 2 })
  server.script(() => undefined)
  const error = await errorOf(callService(options, call({ method: 'PATCH', body: {} })))
  expect(error.message).toBe('Cannot ask the service: Cannot reach the service: no answer in time')
  expect(server.arrived).toHaveLength(1)
})

test('a service that is not there may be tried again', async () => {
  const error = await errorOf(callService(options, call({ url: new URL('http://127.0.0.1:9/') })))
  expect(error).toBeInstanceOf(RetryableError)
  expect(error.message).toMatch(/ECONNREFUSED/)
  expect(options.waits).toHaveLength(2)
})

test('an answer that is too large is refused', async () => {
  options = withTimes({ maxAnswerBytes: 1_000 })
  server.script([200, 'x'.repeat(1_001)])
  expect(await errorOf(callService(options, call()))).toMatchObject({
    name: 'TerminalError',
    message: 'Cannot read the answer: it has more than 1000 bytes',
  })
  server.script([200, 'x'.repeat(1_000)])
  expect((await callService(options, call())).text).toHaveLength(1_000)
})

test('a redirect is not followed', async () => {
  server.script([302, '', { location: `${server.url}/elsewhere` }])
  expect((await errorOf(callService(options, call()))).message).toBe(
    'Cannot ask the service: 302 redirects are not followed',
  )
  expect(server.arrived).toHaveLength(1)
})
