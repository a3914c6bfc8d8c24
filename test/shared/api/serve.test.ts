import { beforeEach, expect, test } from 'vitest'
import { serve } from '../../../shared/api/serve.ts'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { createWorld, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'
import { fail, numbers, paint } from './sampleRoutes.ts'

let world: World
let api: ReturnType<typeof createApiCalls>

beforeEach(async () => {
  world = await createWorld()
  api = createApiCalls(world.ports, [paint, fail, numbers])
})

test('an answer holds what its schema names and no more, instants as text, and a quoted ETag', async () => {
  const answer = await api.post(
    'paint/contoso/census',
    { colour: 'red' },
    { headers: { 'x-retrain-caller': 'Zo%C3%AB' } },
  )
  expect(answer.status).toBe(202)
  expect(answer.body).toEqual({ colour: 'red', layers: 1, by: 'Zoë', paintedAt: '1970-01-01T00:00:00.000Z' })
  expect(answer.headers.etag).toMatch(/^"[\w-]+"$/)
})

test('everything that is wrong with a request is said at once', async () => {
  const answer = await api.post('paint/UPPER/census?shade=pink&x=1', { colour: '', layers: 0, size: 1 })
  expect(answer.status).toBe(400)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  const paths = (answer.body.errors as { path: string }[]).map(({ path }) => path)
  expect(paths.sort()).toEqual(
    ['body.colour', 'body.layers', 'body.size', 'path.customerId', 'query.shade', 'query.x'].sort(),
  )
  expect((await world.ports.listAudit({ size: 10 })).items).toEqual([])
})

test.each([
  ['bad JSON', { text: '{"colour": }' }, 400, 'bad-json'],
  ['no JSON', { text: 'red', headers: { 'content-type': 'text/plain' } }, 415, 'not-json'],
  ['too large', { text: JSON.stringify({ colour: 'x'.repeat(1024 * 1024) }) }, 413, 'too-large'],
  ['bytes that are no UTF-8', { text: '"\ud800"' }, 400, 'wrong-request'],
  ['no body', {}, 400, 'wrong-request'],
  [
    'a body in chunks, which the host drops',
    { headers: { 'x-retrain-reason': 'a test', 'transfer-encoding': 'chunked' } },
    411,
    'no-length',
  ],
  ['a list', { text: '[]' }, 400, 'wrong-request'],
  ['no reason', { text: '{"colour":"red"}' }, 400, 'no-reason'],
  ['a blank reason', { text: '{"colour":"red","reason":" "}' }, 400, 'no-reason'],
])('a write with %s is refused', async (_case, call, status, code) => {
  const answer = await api.call('POST', 'paint/contoso/census', call)
  expect(answer).toMatchObject({ status, body: { status, code, requestId: 'invocation-1' } })
  expect(answer.body.detail).toMatch(/^Cannot .+: .+[^.]$/)
})

test('the reason may be a field of the body', async () => {
  const answer = await api.call('POST', 'paint/contoso/census', {
    body: { colour: 'red', reason: 'it\npeels' },
  })
  expect(answer.status).toBe(202)
  expect((await world.ports.listAudit({ size: 10 })).items).toMatchObject([{ reason: 'it peels' }])
})

test('a write is in the audit log with who, what, why and how it ended', async () => {
  await api.post(
    'paint/contoso/census',
    { colour: 'red' },
    { headers: { 'x-ms-client-principal-name': 'ann@x', 'x-retrain-caller': 'bob' } },
  )
  await api.post('fail/problem')
  const { items } = await world.ports.listAudit({ size: 10 })
  expect(items).toHaveLength(2)
  const of = (what: string) => items.find((item) => item.what === what)
  expect(of('paint it')).toMatchObject({
    by: 'ann@x',
    reason: 'a test',
    target: 'paint/contoso/census',
    outcome: 'done',
    status: 202,
    requestId: 'invocation-1',
  })
  expect(of('fail')).toMatchObject({
    by: 'unnamed',
    outcome: 'refused',
    status: 404,
    detail: 'Cannot show x: there is no such thing',
  })
})

test('a write whose audit entry cannot be written does not happen', async () => {
  let isPainted = false
  const watched = {
    ...paint,
    handle: async () => {
      isPainted = true
      return { body: {} }
    },
  }
  const broken = {
    ...world.ports,
    beginAudit: () => Promise.reject(new RetryableError('Cannot write: busy')),
  }
  const answer = await createApiCalls(broken, [watched]).post('paint/contoso/census', { colour: 'red' })
  expect(answer.status).toBe(503)
  expect(isPainted).toBe(false)
})

test('a write whose entry cannot be completed is answered all the same', async () => {
  const broken = { ...world.ports, endAudit: () => Promise.reject(new Error('gone')) }
  const answer = await createApiCalls(broken, [paint]).post('paint/contoso/census', { colour: 'red' })
  expect(answer.status).toBe(202)
})

test.each([
  ['problem', 404, 'no-such-thing', 'no such thing'],
  ['terminal', 422, 'not-possible', 'https://a.example/b?[cut] is wrong'],
  ['retryable', 503, 'try-again', 'busy'],
  ['unknown', 500, 'unexpected', 'under this request id'],
])('what a handler throws becomes a problem: %s', async (how, status, code, words) => {
  const answer = await api.post(`fail/${how}`)
  expect(answer).toMatchObject({ status, body: { code, status } })
  expect(answer.body.detail).toContain(words)
  expect(JSON.stringify(answer)).not.toContain('inner words')
  if (how === 'retryable') expect(answer.headers['retry-after']).toBe('8')
  if (how === 'unknown') expect(world.lines.join()).toContain('inner words')
})

test.each([
  ['a-1.B:2', 'a-1.B:2'],
  ['with space', 'invocation-1'],
  ['x'.repeat(129), 'invocation-1'],
])('the request id %s comes back as %s', async (given, answered) => {
  const answer = await api.get('numbers', { headers: { 'x-request-id': given } })
  expect(answer.headers['x-request-id']).toBe(answered)
})

test.each<[given: string, status: number]>([
  ['ETAG', 304],
  ['W/ETAG', 304],
  ['"other", ETAG', 304],
  ['*', 304],
  ['"other"', 200],
  ['', 200],
])('If-None-Match %s is answered %i', async (given, status) => {
  const { etag = '' } = (await api.get('numbers')).headers
  const headers = { 'if-none-match': given.replace('ETAG', etag) }
  expect((await api.get('numbers', { headers })).status).toBe(status)
})

test('a list goes on where its continuation says, for the same question only', async () => {
  const first = await api.get('numbers?limit=2')
  const { continuation } = first.body as { continuation: string }
  expect((await api.get(`numbers?limit=3&continuation=${continuation}`)).body.items).toEqual([2, 3, 4])
  for (const wrong of [`${continuation}x`, continuation.slice(1), 'MQ', '%00', '2']) {
    expect(await api.get(`numbers?continuation=${wrong}`)).toMatchObject({ status: 400 })
  }
  const other = await api.get(`numbers?from=a&continuation=${continuation}`)
  expect(other.body).toMatchObject({ code: 'wrong-continuation' })
})

test.each(['0', '501', '99999999999', '-1', '1.5', '1e2', 'NaN', '', ' 5'])(
  'limit=%s is refused',
  async (limit) => {
    expect((await api.get(`numbers?limit=${limit}`)).status).toBe(400)
  },
)

test('an unknown address and a wrong method say what to do', async () => {
  expect(await api.get('nothing/here')).toMatchObject({ status: 404, body: { code: 'no-such-address' } })
  const wrong = await api.call('DELETE', 'paint/contoso/census')
  expect(wrong).toMatchObject({ status: 405, headers: { allow: 'POST' }, body: { code: 'wrong-method' } })
})

test('an app that cannot open its storage says that it is not ready, and its log why', async () => {
  const lines: string[] = []
  const url = 'https://app.example/api/numbers'
  const request = new Request(url)
  const answer = await serve(
    numbers,
    {
      method: 'GET',
      url,
      headers: request.headers,
      params: {},
      arrayBuffer: () => request.arrayBuffer(),
    },
    {
      invocationId: 'i',
      connect: () => Promise.reject(new Error('wrong settings: X')),
      report: (line) => lines.push(line),
    },
  )
  expect(answer.status).toBe(503)
  expect(answer.body).not.toContain('wrong settings')
  expect(lines.join()).toContain('wrong settings: X')
})
