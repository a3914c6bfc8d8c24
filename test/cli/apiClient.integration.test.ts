import { expect, test } from 'vitest'
import { createApiClient, path } from '../../cli/apiClient.ts'
import { CliError } from '../../cli/errors.ts'
import { type Canned, closedUrl, startApi } from './apiServer.ts'

const clientOf = (url: string, timeoutMs = 5_000) =>
  createApiClient({ target: () => ({ url, key: 'k1' }), caller: 'Zoë', reason: 'a test', timeoutMs })

test('a request carries the key, who and why in headers, and what was asked', async () => {
  const { url, asked } = await startApi(() => ({ body: { ok: true }, headers: { etag: '"1"' } }))
  const client = clientOf(url)
  const to = path('customers', 'a/b', 'models', 'm')
  expect(
    await client.send('PUT', to, { query: { a: 'x y', b: undefined }, body: { n: 1 }, ifMatch: '"0"' }),
  ).toEqual({
    body: { ok: true },
    etag: '"1"',
    status: 200,
  })
  expect(asked[0]).toMatchObject({ method: 'PUT', path: 'customers/a%2Fb/models/m?a=x+y', body: '{"n":1}' })
  expect(asked[0]?.headers).toMatchObject({
    'x-functions-key': 'k1',
    'x-retrain-caller': 'Zo%C3%AB',
    'x-retrain-reason': 'a test',
    'if-match': '"0"',
  })
})

test('a paged list is read to its end', async () => {
  const { url } = await startApi(({ path: to }) =>
    to.includes('continuation=p2')
      ? { body: { items: [3] } }
      : { body: { items: [1, 2], continuation: 'p2' } },
  )
  const items: number[] = []
  for await (const item of clientOf(url).pages<number>('models', { limit: 2 })) items.push(item)
  expect(items).toEqual([1, 2, 3])
})

const problem = (status: number, more: object = {}): Canned => ({
  status,
  body: { title: 't', status, code: 'c', detail: 'Cannot show a/b: there is no such model', ...more },
})
const failures: [what: string, canned: Canned, line: RegExp, exitCode: number][] = [
  ['a wrong key', { status: 401 }, /^Cannot use the app at http:\S+: the key is wrong or missing/, 5],
  ['a page that is not the app’s', { status: 404, body: '<html>' }, /is it the URL of a retrain app/, 5],
  ['a redirect', { status: 302, headers: { location: 'http://elsewhere' } }, /sends elsewhere/, 5],
  ['an app that starts', { status: 503 }, /it is not ready \(503\)/, 5],
  ['no JSON', { body: 'hello' }, /its answer is no JSON/, 5],
  ['something unknown', problem(404), /^Cannot show a\/b: there is no such model$/, 3],
  ['a conflict', problem(409), /there is no such model$/, 4],
  ['a refused precondition', problem(412), /there is no such model$/, 4],
  ['what can’t be done', problem(422), /there is no such model$/, 4],
  ['a failure of the app', problem(500, { requestId: 'r1' }), /\(request r1\)$/, 1],
  ['wrong fields', problem(400, { errors: [{ path: 'limit', message: 'too big' }] }), /: limit: too big$/, 2],
  ['text that controls terminals', problem(409, { detail: 'a\u001b[2J\nb' }), /^a\?\[2J b$/, 4],
]
test.each(failures)('one line and an exit code: %s', async (_what, canned, line, exitCode) => {
  const { url } = await startApi(() => canned)
  const failed = await clientOf(url)
    .get('x')
    .catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(CliError)
  expect(failed).toMatchObject({ message: expect.stringMatching(line), exitCode })
})

test('a stopped app, a name that is none, and one that does not answer in time', async () => {
  await expect(clientOf(await closedUrl()).get('x')).rejects.toThrow('nothing listens there')
  await expect(clientOf('http://127.0.0.1:1').get('x')).rejects.toThrow('bad port')
  await expect(clientOf('http://no-such-host.invalid').get('x')).rejects.toThrow(
    /Cannot reach the app at http/,
  )
  const { url } = await startApi(() => new Promise(() => {}))
  await expect(clientOf(url, 50).get('x')).rejects.toThrow('it did not answer in time')
})
