import { expect, test } from 'vitest'
import { closedUrl, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

const checks = [
  { name: 'storage', status: 'ok', value: 'tables and blobs answer' },
  { name: 'poison', status: 'degraded', value: 'start-requests 2', remedy: 'see whether bury… runs' },
]
const url = (address: string) => ({ env: { RETRAIN_URL: address, RETRAIN_KEY: 'k' } })

test('the doctor shows what is not fine, each with its remedy, and ends well unless something is broken', async () => {
  const api = await startApi(() => ({ body: { status: 'degraded', checks } }))
  const ended = await runLine(['doctor'], url(api.url))
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect(ended.stdout).toMatch(/degraded +poison +start-requests 2 +see whether bury… runs/)
  expect(ended.stdout).toContain('degraded: 2 of 3 checks are fine')
  expect(ended.stdout).not.toContain('tables and blobs')
  expect((await runLine(['doctor', '--all'], url(api.url))).stdout).toContain('tables and blobs answer')
  expect(api.asked[0]?.path).toBe('health?deep=true&always=true')
})

test('something broken is exit code 1, in JSON as well', async () => {
  const broken = [{ name: 'last-poll', status: 'broken', value: '20 min ago', remedy: 'look' }]
  const api = await startApi(() => ({ body: { status: 'broken', checks: broken } }))
  const ended = await runLine(['doctor', '--json'], url(api.url))
  expect(ended.exitCode).toBe(1)
  expect(JSON.parse(ended.stdout).checks).toHaveLength(2)
})

const down: [when: string, answer: () => Promise<string | undefined>, found: RegExp][] = [
  ['the app is stopped', closedUrl, /broken +app +Cannot reach the app .* see that the app runs/],
  [
    'the key is wrong',
    async () => (await startApi(() => ({ status: 401 }))).url,
    /the key is wrong .*--key or RETRAIN_KEY/,
  ],
  [
    'it is another site',
    async () => (await startApi(() => ({ status: 404 }))).url,
    /there is no such address.*RETRAIN_URL/,
  ],
  ['no stack runs', async () => undefined, /no local stack runs.*npm start/],
]
test.each(down)('the doctor says what to do when %s', async (_when, answer, found) => {
  const address = await answer()
  const ended = await runLine(['doctor'], address === undefined ? {} : url(address))
  expect(ended.exitCode).toBe(1)
  expect(ended.stdout).toMatch(found)
})

test('drops are listed, left out and taken in again', async () => {
  const api = await startApi(({ method }) =>
    method === 'GET'
      ? {
          body: {
            items: [
              {
                id: 'a-1',
                name: 'contoso/census/march.csv',
                sizeBytes: 7,
                state: 'excluded',
                excludedFor: 'wrong',
                acceptedAt: '2026-01-01T00:00:00Z',
              },
              {
                id: 'b-2',
                name: 'contoso/census/april.csv',
                sizeBytes: 8,
                state: 'pending',
                acceptedAt: '2026-02-01T00:00:00Z',
              },
            ],
          },
        }
      : { body: { outcome: 'changed' } },
  )
  const listed = await runLine(['drops', 'list', 'contoso', 'census', '--state', 'excluded'], url(api.url))
  expect(listed.stdout).toMatch(/a-1 +march\.csv +7 +excluded .* wrong/)
  expect(listed.stdout).toMatch(/b-2.*a-1/s)
  const left = await runLine(
    ['drops', 'exclude', 'contoso', 'census', 'a-1', '--reason', 'wrong month'],
    url(api.url),
  )
  expect(left).toMatchObject({ exitCode: 0, stdout: 'drop a-1 is left out of later sets\n' })
  expect(api.asked.at(-1)).toMatchObject({ path: 'customers/contoso/models/census/drops/a-1/exclude' })
  expect(api.asked.at(-1)?.headers['x-retrain-reason']).toBe('wrong month')
  const unknown = await runLine(['drops', 'include', 'contoso', 'census', 'c', '--reason', 'r'], url(api.url))
  expect(unknown).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('there is none of that id') })
  const unreasoned = await runLine(['drops', 'exclude', 'contoso', 'census', 'a-1'], url(api.url))
  expect(unreasoned.exitCode).toBe(2)
})
