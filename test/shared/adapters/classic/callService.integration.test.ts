import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callService, type ServiceCall } from '../../../../shared/adapters/classic/callService.ts'
import { RetryableError, TerminalError } from '../../../../shared/retraining/errors.ts'
import { CredentialRefused } from '../../../../shared/retraining/services.ts'
import {
  classicOptions,
  type Scripted,
  type ScriptedService,
  serviceError,
  startScriptedService,
} from './scriptedService.ts'

const env = { KEY: 'key-number-1' }
let server: ScriptedService
let options: ReturnType<typeof classicOptions>
const open: (typeof options)[] = []

beforeAll(async () => {
  server = await startScriptedService()
})
beforeEach(() => {
  options = classicOptions(env)
  open.push(options)
})
afterAll(async () => {
  await Promise.all(open.map(({ close }) => close()))
  await server.close()
})

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

const final: [status: number, error: typeof TerminalError | typeof CredentialRefused][] = [
  [400, TerminalError],
  [404, TerminalError],
  [405, TerminalError],
  [409, TerminalError],
  [413, TerminalError],
  [301, TerminalError],
]
test.each(final)('%i is final and asked once', async (status, kind) => {
  server.script([status, serviceError('BadArgument', 'Invalid argument provided.')])
  expect(await errorOf(callService(options, call()))).toBeInstanceOf(kind)
  expect(server.arrived).toHaveLength(1)
})

test.each([408, 425, 429, 500, 502, 503, 504])(
  '%i is tried three times, with growing waits',
  async (status) => {
    server.script([status, serviceError('ServiceUnavailable', 'Temporarily unavailable.')])
    const error = await errorOf(callService(options, call()))
    expect(error).toBeInstanceOf(RetryableError)
    expect(error.message).toBe(
      `Cannot ask the service: ${status} ServiceUnavailable: Temporarily unavailable.`,
    )
    expect(server.arrived).toHaveLength(3)
    expect(options.waits).toEqual([250, 500])
  },
)

test('what passes is not noticed', async () => {
  server.script([503, ''], (response) => response.destroy(), [200, 'fine'])
  expect((await callService(options, call())).text).toBe('fine')
  expect(server.arrived).toHaveLength(3)
})

test('a short Retry-After is waited for', async () => {
  server.script([503, '', { 'retry-after': '4' }], [200, 'fine'])
  expect((await callService(options, call())).text).toBe('fine')
  expect(options.waits).toEqual([4_000])
})

const retryAfters: [header: string, seconds: number][] = [
  ['120', 120],
  ['Sat, 21 Nov 2026 12:02:00 GMT', 120],
]
test.each(retryAfters)('a long Retry-After (%s) goes to the run’s own schedule', async (header, seconds) => {
  server.script([429, '', { 'retry-after': header }])
  expect(await errorOf(callService(options, call()))).toMatchObject({
    name: 'RetryableError',
    retryAfterSeconds: seconds,
  })
  expect([server.arrived.length, options.waits]).toEqual([1, []])
})

test.each([401, 403])('after %i the key is resolved again and the call sent once more', async (status) => {
  const unauthorized: Scripted = [
    status,
    serviceError('Unauthorized', 'Request is unauthorized to access resource.'),
  ]
  server.script([200, ''])
  await callService(options, call())
  env.KEY = `key-number-${status}`
  server.script(unauthorized, [200, 'fine'])
  expect((await callService(options, call())).text).toBe('fine')
  expect(server.arrived.at(-1)?.headers.authorization).toBe(`Bearer key-number-${status}`)
  server.script(unauthorized)
  const error = await errorOf(callService(options, call()))
  expect(error).toBeInstanceOf(CredentialRefused)
  expect(error.message).toContain(`${status} Unauthorized: Request is unauthorized`)
  expect(server.arrived).toHaveLength(2)
})

test('an expected answer is an outcome', async () => {
  server.script([404, 'none'])
  const answer = await callService(options, call({ expects: ({ status }) => status === 404 }))
  expect([answer.status, answer.text]).toEqual([404, 'none'])
})

const bodies: [body: unknown, text: string][] = [
  ['', '400'],
  ['<html>Bad Request</html>', '400 <html>Bad Request</html>'],
  ['{"error":"no"}', '400 {"error":"no"}'],
  [{ error: { code: 'A', message: 'b', details: 'x' } }, '400 A: b'],
  [
    { error: { code: 'A', message: 'b', details: [null, { code: 'C', message: 'd' }] } },
    '400 A: b [: ; C: d]',
  ],
]
test.each(bodies)('an error body of %o is told as far as it goes', async (body, text) => {
  server.script([400, body])
  expect((await errorOf(callService(options, call()))).message).toBe(`Cannot ask the service: ${text}`)
})

test('no key and no token is in an error, however deep one looks', async () => {
  const echo = 'You sent Bearer key-geheim-1 and https://a.net/x?sig=geheim; key-geheim-1'
  env.KEY = 'key-geheim-1'
  for (const answer of [
    [400, echo],
    [503, serviceError(echo, echo)],
    [401, echo],
    (r) => r.destroy(),
  ] as Scripted[]) {
    server.script(answer)
    const error = await errorOf(
      callService(options, call({ body: { SasBlobToken: '?sig=geheim' }, method: 'POST' })),
    )
    expect(error.message).toMatch(/^Cannot ask the service: /)
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('geheim')
  }
})

test('a key that is no header is refused without being shown', async () => {
  env.KEY = 'key\ngeheim'
  const error = await errorOf(callService(options, call()))
  expect(error).toBeInstanceOf(TerminalError)
  expect(inspect(error, { depth: 12 })).not.toContain('geheim')
})
