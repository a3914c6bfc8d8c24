import { expect, test } from 'vitest'
import type { ModelSettings } from '../../../shared/retraining/settings.ts'
import { createWorld, dropped } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

const asking = { gate: { kind: 'limits', limits: ['AUC >= 0.5'], approval: 'always' } } as const
const model = 'customers/contoso/models/census'

async function waiting(settings: Partial<ModelSettings> = asking) {
  const world = await createWorld(settings)
  await dropped(world)
  await world.play(120)
  return { world, api: createApiCalls(world.ports) }
}

test('what waits is listed with the gate’s sentence, approved once, and audited', async () => {
  const { world, api } = await waiting()
  const { body } = await api.get(`${model}/awaiting`)
  expect(body.items).toMatchObject([{ generation: 1, verdict: expect.stringContaining('needs an approval') }])
  const to = `${model}/runs/1/approve`
  const given = { headers: { 'x-retrain-caller': 'ada', 'x-retrain-reason': 'looked at it' } }
  expect(await api.post(to, undefined, given)).toMatchObject({ status: 200, body: { outcome: 'approved' } })
  expect(await api.post(to)).toMatchObject({ status: 200, body: { outcome: 'again' } })
  await world.play(60)
  expect(await world.run(1)).toMatchObject({
    state: 'live',
    override: { kind: 'approved', by: 'ada', reason: 'looked at it' },
  })
  const { items } = await world.ports.listAudit({ size: 5 })
  expect(items.find(({ by }) => by === 'ada')).toMatchObject({
    by: 'ada',
    what: 'approve run',
    target: to,
    outcome: 'done',
  })
  expect((await api.get(`${model}/awaiting`)).body.items).toEqual([])
})

test('approving needs a reason', async () => {
  const { api } = await waiting()
  expect((await api.call('POST', `${model}/runs/1/approve`)).status).toBe(400)
})

test.each([
  ['an unknown run', 'runs/7/approve', 404, 'no-such-run'],
  ['an unknown run', 'runs/7/reject', 404, 'no-such-run'],
  ['no generation', 'runs/x/approve', 400, undefined],
])('%s is refused: %s', async (_when, to, status, code) => {
  const { api } = await waiting()
  const answer = await api.post(`${model}/${to}`)
  expect(answer.status).toBe(status)
  if (code !== undefined) expect(answer.body.code).toBe(code)
})

test('a rejected run was rejected for good, for the gate; what is live can not be rejected', async () => {
  const { world, api } = await waiting()
  expect((await api.post(`${model}/runs/1/reject`)).body.outcome).toBe('rejected')
  expect((await api.post(`${model}/runs/1/reject`)).body.outcome).toBe('again')
  await api.post(`${model}/runs/1/approve`)
  await world.play(60)
  const answer = await api.post(`${model}/runs/1/reject`)
  expect(answer).toMatchObject({ status: 409, body: { code: 'refused' } })
  expect(answer.body.detail).toBe('Cannot reject generation 1 of contoso/census: the run was approved')
})

test('what-if lists the runs that would come out otherwise, with their numbers', async () => {
  const { api } = await waiting({})
  const answer = await api.post('gate/what-if', { gate: 'AUC>=.95', sinceDays: 30 })
  expect(answer.body).toMatchObject({ gate: 'AUC >= 0.95', judged: 1, models: 1 })
  expect(answer.body.items).toMatchObject([
    {
      ...{ customerId: 'contoso', generation: 1, state: 'live', was: 'update', wouldBe: 'reject' },
      limits: [{ limit: 'AUC >= 0.95', outcome: 'broken', candidate: 0.9, bound: 0.95 }],
    },
  ])
  const same = await api.post('gate/what-if', { gate: 'AUC >= 0.8' })
  expect(same.body).toMatchObject({ items: [], judged: 1 })
  const others = await api.post('gate/what-if', { gate: 'AUC >= 0.95', customers: ['fabrikam'] })
  expect(others.body).toMatchObject({ items: [], judged: 0, models: 0 })
})

test('limits that can’t be read are refused with the place', async () => {
  const { api } = await waiting({})
  const answer = await api.post('gate/what-if', { gate: 'AUC >= high' })
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'body.gate' }] } })
  expect(JSON.stringify(answer.body)).toContain('expected a number or live, not high, at character 8')
})
