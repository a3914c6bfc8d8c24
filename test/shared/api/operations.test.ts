import { beforeEach, describe, expect, test } from 'vitest'
import { createWorld, dropped, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

let world: World
let api: ReturnType<typeof createApiCalls>
const model = 'customers/contoso/models/census'
const headers = { 'x-retrain-reason': 'a drill', 'x-retrain-caller': 'zoe' }
const post = (path: string, body?: object) => api.post(path, body ?? {}, { headers })

beforeEach(async () => {
  world = await createWorld()
  api = createApiCalls(world.ports)
})

async function trained(generations: number): Promise<void> {
  for (let count = 1; count <= generations; count++) {
    await dropped(world, `contoso/census/${count}.csv`, `age\n${count}\n`)
    await world.play(300)
  }
}

describe('one model', () => {
  test('is rolled back, and unpinned once that is done; each write is audited', async () => {
    await trained(2)
    const rolledBack = await post(`${model}/rollback`, { to: 1 })
    expect(rolledBack).toMatchObject({ status: 200, body: { outcome: 'begun', from: 2, to: 1 } })
    expect(await post(`${model}/unpin`)).toMatchObject({ status: 409, body: { code: 'refused' } })
    await world.play(100)
    const shown = await api.get(model)
    expect(shown).toMatchObject({
      status: 200,
      body: { state: 'pinned', head: { pin: { generation: 1, by: 'zoe' } } },
    })
    expect(await post(`${model}/unpin`)).toMatchObject({ status: 200, body: { outcome: 'unpinned' } })
    const { items } = await world.ports.listAudit({ size: 10 })
    expect(items.map(({ by, what, reason }) => [by, what, reason])).toContainEqual([
      'zoe',
      'roll back',
      'a drill',
    ])
  })

  test('is retrained: with drops waiting, refused without, again where it is wanted', async () => {
    await world.ports.putSettings({
      ...((await world.ports.readSettings(world.key)) ?? (undefined as never)),
      quietSeconds: 600,
      maxQuietSeconds: 600,
    })
    await dropped(world)
    expect(await post(`${model}/retrain`)).toMatchObject({ status: 202, body: { generation: 1 } })
    await world.play(300)
    const refused = await post(`${model}/retrain`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'refused' } })
    expect(refused.body.detail).toContain('nothing waits; with again (--again) it trains once more')
    expect(await post(`${model}/retrain`, { again: true })).toMatchObject({ status: 202 })
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 2 })
  })

  test('has its run cancelled', async () => {
    await dropped(world)
    await world.play(20)
    expect(await post(`${model}/runs/1/cancel`)).toMatchObject({ body: { outcome: 'stopping' } })
    await world.play(20)
    expect(await post(`${model}/runs/1/cancel`)).toMatchObject({ body: { outcome: 'cancelled' } })
    expect(await world.run(1)).toMatchObject({ state: 'cancelled', reason: 'cancelled by zoe: a drill' })
  })

  test.each(['rollback', 'unpin', 'retrain', 'release', 'pause', 'resume'])(
    '%s of an unknown one is 404',
    async (verb) => {
      const answer = await post(`customers/contoso/models/churn/${verb}`)
      expect(answer).toMatchObject({ status: 404, body: { code: 'no-such-model' } })
    },
  )

  test('cancelling a run that never was is 404', async () => {
    expect(await post(`${model}/runs/7/cancel`)).toMatchObject({ status: 404, body: { code: 'no-such-run' } })
  })
})

describe('pauses', () => {
  test.each([`${model}`, 'customers/contoso', 'fleet'])('%s is paused and resumed', async (what) => {
    expect(await post(`${what}/pause`)).toMatchObject({ status: 200, body: { outcome: 'changed' } })
    await dropped(world)
    await world.play(100)
    expect((await world.head())?.lastGeneration ?? 0).toBe(0)
    expect(await api.get(model)).toMatchObject({ status: 200, body: { state: 'paused' } })
    expect(await api.get(`${model}/why`)).toMatchObject({
      status: 200,
      body: { waits: [{ kind: 'paused' }] },
    })
    const { body } = await api.get('pauses')
    expect(body.items).toHaveLength(what === model ? 0 : 1)
    expect(await post(`${what}/resume`)).toMatchObject({ body: { outcome: 'changed' } })
    world.clock.advance(120)
    await world.reconcile()
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 1 })
    expect(await post(`${what}/resume`)).toMatchObject({ body: { outcome: 'unchanged' } })
  })

  test('an unknown customer is 404', async () => {
    expect(await post('customers/nobody/pause')).toMatchObject({ status: 404 })
  })
})

describe('the fleet', () => {
  test('plans a rollback by when models were trained; what is older stays', async () => {
    await trained(1)
    const trainedFrom = new Date(world.clock.now()).toISOString()
    await dropped(world, 'contoso/census/bad.csv', 'age\n99\n')
    await world.play(300)
    const trainedBefore = new Date(world.clock.now()).toISOString()
    const plan = (query: string) => api.get(`fleet/rollback?${query}`)
    const hit = await plan(`trainedFrom=${trainedFrom}&trainedBefore=${trainedBefore}`)
    expect(hit.body.items).toMatchObject([{ customerId: 'contoso', model: 'census', from: 2, to: 1 }])
    expect((await plan(`trainedBefore=${trainedFrom}`)).body.items).toEqual([])
    expect((await plan(`trainingService=other`)).body.items).toEqual([])
    expect((await plan(`trainingService=census%20training`)).body.items).toMatchObject([
      { from: 2, skipped: 'no earlier generation was live, or all of them are meant too' },
    ])
    expect((await plan(`trainedFrom=${trainedFrom}&customers=fab*`)).body.items).toEqual([])
    expect((await plan('customers=con*')).status).toBe(400)
  })

  test('backfills what landed and was never recorded, once', async () => {
    for (const name of ['a', 'b']) {
      await world.containers.trainingData.putText(`contoso/census/${name}.csv`, `age\n${name}\n`)
    }
    await world.containers.trainingData.putText('contoso/census2/c.csv', 'age\n1\n')
    const since = '2020-01-01T00:00:00Z'
    const answer = await post(`${model}/backfill`, { since })
    expect(answer.body).toMatchObject({ found: 2, accepted: 2, outcome: 'started', generation: 1 })
    await world.play(300)
    expect((await post(`${model}/backfill`, { since })).body).toMatchObject({
      found: 2,
      accepted: 0,
      outcome: 'idle',
      reason: 'everything that landed was taken',
    })
    const begunAt = new Date(world.clock.now()).toISOString()
    const again = { since, again: true, begunAt }
    expect((await post(`${model}/backfill`, again)).body).toMatchObject({ outcome: 'started', generation: 2 })
    await world.play(300)
    expect((await post(`${model}/backfill`, again)).body).toMatchObject({
      outcome: 'idle',
      reason: 'started already',
    })
  })
})
