import { beforeEach, describe, expect, test } from 'vitest'
import { createOnboarding, fabrikam, predictive } from '../retraining/onboardPlay.ts'
import { createApiCalls } from './calls.ts'

let given: Awaited<ReturnType<typeof createOnboarding>>
let api: ReturnType<typeof createApiCalls>
const path = 'customers/fabrikam/models/census'
const headers = { 'x-retrain-reason': 'a test', 'x-retrain-caller': 'zoe' }
const put = (to: string, body: object) => api.call('PUT', to, { headers, body })
const remove = (to: string) => api.call('DELETE', to, { headers })

beforeEach(async () => {
  given = await createOnboarding()
  api = createApiCalls(given.ports)
})

describe('a model', () => {
  test('is made known with the only services there are, and is listed as it was declared', async () => {
    const answer = await put(path, { quietSeconds: 5, trainingData: 'append', appendDrops: 12 })
    expect(answer).toMatchObject({ status: 201, body: { outcome: 'added', endpoint: 'made' } })
    const { items } = (await api.get('customers')).body as { items: object[] }
    expect(items).toContainEqual({
      ...fabrikam,
      endpointUrl: expect.stringMatching(/webservices\/s\/endpoints\/fabrikamcensus\w{8}$/),
      settings: expect.objectContaining({
        ...{ trainingService: 'census training', predictiveService: 'census', quietSeconds: 5 },
        ...{ trainingData: 'append', appendDrops: 12, resourceName: predictive.resourceName },
      }),
    })
    const keys = [...given.management.secrets.values()]
    const told = JSON.stringify([
      items,
      given.world.lines,
      (await given.world.ports.listAudit({ size: 9 })).items,
    ])
    for (const key of keys) expect(told).not.toContain(key)
    expect(await put(path, { quietSeconds: 5, trainingData: 'append', appendDrops: 12 })).toMatchObject({
      status: 200,
      body: { outcome: 'unchanged' },
    })
  })

  test('waits with 202 until its endpoint answers', async () => {
    given = await createOnboarding({ silentCalls: 1 })
    api = createApiCalls(given.ports)
    const body = { probeRow: { age: '39' } }
    expect(await put(path, body)).toMatchObject({ status: 202, body: { outcome: 'waiting' } })
    expect(await put(path, body)).toMatchObject({ status: 201 })
  })

  test.each([
    [
      'a service that is not there',
      { predictiveService: 'none' },
      /there is no such web service; there are census/,
    ],
    ['an endpoint name against the rule', { endpoint: 'Not-A-Name' }, /24 characters or less/],
    [
      'a quiet period longer than its longest',
      { quietSeconds: 9, maxQuietSeconds: 8 },
      /at least quietSeconds/,
    ],
  ])('is refused with %s', async (_case, body, reason) => {
    const answer = await put(path, body)
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(reason) } })
  })

  test('is refused with fields that are none, limits that are none, and both are said', async () => {
    const answer = await put(path, { quiet: 1, gate: { kind: 'limits', limits: ['AUC good'] } })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body.errors)).toMatch(/limits such as.*body.quiet/)
  })

  test('is off-boarded, once', async () => {
    await put(path, {})
    expect(await remove(path)).toMatchObject({
      status: 200,
      body: { outcome: 'offboarded', endpoint: 'deleted' },
    })
    expect(await remove(path)).toMatchObject({ status: 200 })
    expect(await remove('customers/nobody/models/census')).toMatchObject({ status: 404 })
    for (const what of ['', '/why', '/drops']) {
      expect(await api.get(path + what)).toMatchObject({
        status: 404,
        body: {
          code: 'no-such-model',
          detail: expect.stringMatching(/: it was off-boarded by .+ on .+: .+; its runs/),
        },
      })
    }
  })

  test('is refreshed after a plan', async () => {
    await put(path, {})
    expect((await api.get(`${path}/refresh`)).body).toMatchObject({
      ...fabrikam,
      predictiveService: 'census',
    })
    expect((await api.post(`${path}/refresh`)).body).toEqual({ outcome: 'unchanged' })
    expect((await api.get('customers/nobody/models/x/refresh')).status).toBe(404)
  })
})

describe('web services', () => {
  test('are saved, shown and listed, with references only', async () => {
    const body = { jobsUrl: 'https://x.services.azureml.net/workspaces/w/services/t/jobs', apiKey: 'env:KEY' }
    expect((await put('services/training/bird%20strikes', body)).body).toEqual({ outcome: 'saved' })
    const shown = await api.get('services/training/bird%20strikes')
    expect(shown.body).toMatchObject({ name: 'bird strikes', apiKey: 'env:KEY', maxJobsInFlight: 40 })
    const { items } = (await api.get('services/training')).body as { items: { name: string }[] }
    expect(items.map(({ name }) => name).sort()).toEqual(['bird strikes', 'census training'])
    expect((await api.get('services/predictive/none')).status).toBe(404)
  })

  test('refuse a key in the place of its reference, and never repeat it', async () => {
    const body = { managementUrl: 'https://m/workspaces/w/webservices/s', token: 'geheim-geheim' }
    const answer = await put('services/predictive/x', body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).not.toContain('geheim')
  })

  test('list their endpoints by name, a page at a time, and whose each is', async () => {
    await put(path, { endpoint: 'fab' })
    await given.ports.createEndpoint(predictive, 'old', {})
    const first = (await api.get('services/predictive/census/endpoints?limit=1')).body
    expect(first.items).toMatchObject([{ name: 'fab', owner: fabrikam }])
    const next = (await api.get(`services/predictive/census/endpoints?continuation=${first.continuation}`))
      .body
    expect(next.items).toMatchObject([{ name: 'old', isStaging: false }])
    expect(next.continuation).toBeUndefined()
  })
})
