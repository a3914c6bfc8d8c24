import { beforeEach, expect, test } from 'vitest'
import { createOnboarding } from '../retraining/onboardPlay.ts'
import { createApiCalls } from './calls.ts'

let given: Awaited<ReturnType<typeof createOnboarding>>
let api: ReturnType<typeof createApiCalls>
const model = 'customers/fabrikam/models/census'
const reason = { 'x-retrain-reason': 'a test' }
const put = (path: string, body: object, more: Record<string, string> = {}) =>
  api.call('PUT', path, { body, headers: { ...reason, ...more } })

const jobsUrl = 'https://x.services.azureml.net/workspaces/w/services/t/jobs'
const training = (maxJobsInFlight: number) => ({ jobsUrl, apiKey: 'env:KEY', maxJobsInFlight })
const predictive = (resourceName: number) => ({
  managementUrl: 'https://management.azureml.net/workspaces/w/webservices/s',
  token: 'env:WORKSPACE_TOKEN',
  resourceName: String(resourceName),
})

beforeEach(async () => {
  given = await createOnboarding()
  api = createApiCalls(given.ports)
})

const kinds: [kind: string, path: string, body: (number: number) => object][] = [
  ['a model', model, (quietSeconds) => ({ quietSeconds, predictiveService: 'census' })],
  ['a training service', 'services/training/t', training],
  ['a predictive service', 'services/predictive/p', predictive],
]

test.each(kinds)('of many who change the settings of %s they saw, one does', async (_kind, path, body) => {
  await put(path, body(1))
  const { etag = '' } = (await api.get(path)).headers
  const numbers = [2, 3, 4, 5]
  const answers = await Promise.all(numbers.map((number) => put(path, body(number), { 'if-match': etag })))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412])
  const winner = numbers[answers.findIndex(({ status }) => status === 200)] ?? 0
  const shown = await api.get(path)
  expect(JSON.stringify(shown.body)).toContain(JSON.stringify(body(winner)).slice(1, -1).split(',').at(-1))
  expect(shown.headers.etag).not.toBe(etag)
  expect(await put(path, body(9), { 'if-match': shown.headers.etag ?? '' })).toMatchObject({ status: 200 })
})

test.each(kinds)('of %s that is not there nothing is changed under If-Match', async (_kind, path, body) => {
  expect(await put(path, body(1), { 'if-match': '*' })).toMatchObject({
    status: 412,
    body: { code: 'settings-changed' },
  })
  expect((await api.get(path)).status).toBe(404)
})

test('without If-Match all who write at the same moment are done, and the last holds', async () => {
  const answers = await Promise.all([1, 2, 3].map((quietSeconds) => put(model, { quietSeconds })))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
})

test('a webhook and other settings that are written at the same moment are both there', async () => {
  await put(model, { quietSeconds: 1 })
  const changing = {
    ...given.ports,
    async readWritten(key: Parameters<typeof given.ports.readWritten>[0]) {
      const found = await given.ports.readWritten(key)
      if (found?.settings.quietSeconds === 1)
        await given.ports.putSettings({ ...found.settings, quietSeconds: 2 })
      return found
    },
  }
  const webhook = { url: 'https://hooks.example/retrain', secret: 'env:HOOK' }
  const answer = await createApiCalls(changing).call('PUT', `${model}/webhook`, {
    body: webhook,
    headers: reason,
  })
  expect(answer.status).toBe(200)
  const key = { customerId: 'fabrikam', model: 'census' }
  expect(await given.ports.readSettings(key)).toMatchObject({ quietSeconds: 2, webhook })
})

test('a write that does not compare refuses If-Match instead of doing without', async () => {
  const answer = await api.call('POST', `${model}/pause`, { headers: { ...reason, 'if-match': '"x"' } })
  expect(answer).toMatchObject({ status: 400, body: { code: 'no-if-match' } })
})
