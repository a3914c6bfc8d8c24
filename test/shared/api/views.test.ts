import { expect, test } from 'vitest'
import { createFleet } from '../../fakes/fleet.ts'
import { createWorld, dropped, service, settings } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

const model = 'customers/contoso/models/census'

test('the fleet counts models by state, and what lies about', async () => {
  const fleet = await createFleet(['acme', 'binky'], { maxJobsInFlight: 1 })
  const { ports } = fleet
  const api = createApiCalls(ports)
  await fleet.drop('acme')
  await fleet.step()
  await ports.putPause({ customerId: 'binky', by: 'ann', reason: 'holiday', atMs: 0 })
  await fleet.drop('nobody')
  await ports.recordDeadLetter({ source: 'runs', id: '1', reason: 'no', body: '{}', atMs: 0 })
  const { status, body } = await api.get('fleet')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    models: 3,
    customers: 3,
    states: { paused: 1, training: 1, neverTrained: 1, live: 0, failed: 0 },
    damaged: 0,
    unclaimed: { count: 1, more: false },
    deadLetters: { count: 1, more: false },
  })
  expect(body).not.toHaveProperty('continuation')
})

test('models are listed with what is live, what came last, and the place in line', async () => {
  const fleet = await createFleet(['acme', 'binky', 'contoso'], { maxJobsInFlight: 1 })
  const api = createApiCalls(fleet.ports)
  for (const customer of ['acme', 'binky', 'contoso']) await fleet.drop(customer)
  await fleet.step()
  const { items } = (await api.get('models')).body
  expect(items).toMatchObject([
    { customerId: 'acme', state: 'training', newest: { generation: 1, state: 'training' }, pending: false },
    { customerId: 'binky', state: 'training', newest: { state: 'queued' }, place: 1 },
    { customerId: 'contoso', state: 'training', newest: { state: 'queued' }, place: 2 },
  ])
  const why = (await api.get(`${model}/why`)).body
  expect(why.waits).toMatchObject([{ kind: 'slot', place: 2, inLine: 2, service: service.name }])
})

test('a list of models goes on page by page, also with a filter, and misses none', async () => {
  const names = Array.from({ length: 23 }, (_, index) => `c${String(index).padStart(2, '0')}`)
  const fleet = await createFleet(names, {})
  const api = createApiCalls(fleet.ports)
  for (const query of ['limit=7', 'limit=7&state=neverTrained', 'limit=1&customerId=c05']) {
    const seen: string[] = []
    let continuation: unknown
    do {
      const more = continuation === undefined ? '' : `&continuation=${continuation}`
      const { body } = await api.get(`models?${query}${more}`)
      seen.push(...(body.items as { customerId: string }[]).map(({ customerId }) => customerId))
      continuation = body.continuation
    } while (continuation !== undefined)
    expect(seen).toEqual(query.includes('c05') ? ['c05'] : [...names, 'contoso'])
  }
})

test('a model whose rows cannot be read is said to be damaged and hides no other', async () => {
  const world = await createWorld()
  const api = createApiCalls(world.ports)
  const damaged = { partitionKey: 'acme|census', rowKey: 'head', cells: { lastGeneration: 'x' } }
  await world.ports.putSettings({ ...settings, customerId: 'acme' })
  await world.tables.models.put(damaged)
  expect((await api.get('fleet')).body).toMatchObject({ models: 2, damaged: 1 })
  expect((await api.get('models')).body.items).toMatchObject([
    { customerId: 'acme', problem: expect.stringContaining('Cannot read a head row') },
    { customerId: 'contoso', state: 'neverTrained' },
  ])
})

test('a run is shown whole, with its timeline and manifest, and nothing that only the app needs', async () => {
  const world = await createWorld()
  const api = createApiCalls(world.ports)
  await dropped(world)
  await world.play(600)
  const { body } = await api.get(`${model}/runs/1`)
  expect(body).toMatchObject({
    state: 'live',
    warrant: 'firstModel',
    manifest: { drops: [{ name: 'contoso/census/march.csv', use: 'trained' }] },
  })
  expect(body.timeline).toContainEqual({ at: expect.stringMatching(/Z$/), text: expect.any(String) })
  expect(JSON.stringify(body)).not.toMatch(/AtMs|"atMs"|token|"slot"|"poll"/)
  const { items } = (await api.get(`${model}/runs`)).body
  expect(items).toMatchObject([{ generation: 1, state: 'live' }])
  await world.containers.trainingSets.remove((await world.run(1))?.manifest ?? '')
  expect((await api.get(`${model}/runs/1`)).body).not.toHaveProperty('manifest')
  expect((await api.get(`${model}/why`)).body.answers).toMatchObject({ generation: 1 })
  expect((await api.get('customers/contoso')).body).toMatchObject({ models: [{ state: 'live' }] })
})

test('a run that failed is sent again, and one that is live is refused', async () => {
  const world = await createWorld()
  const api = createApiCalls(world.ports)
  await dropped(world)
  await world.play(10)
  world.services.fail('job1', 'error 0018: the training set has no rows')
  await world.play(60)
  expect((await api.get('fleet')).body).toMatchObject({ states: { failed: 1 } })
  const again = await api.post(`${model}/runs/1/redrive`)
  expect(again).toMatchObject({ status: 202, body: { outcome: 'redriven', attempt: 2 } })
  expect(await api.post(`${model}/runs/1/redrive`)).toMatchObject({
    status: 200,
    body: { outcome: 'underWay' },
  })
  await world.play(600)
  expect(await api.post(`${model}/runs/1/redrive`)).toMatchObject({
    status: 409,
    body: { detail: 'Cannot redrive generation 1 of contoso/census: the run is live' },
  })
})

test('runs are listed newest first, page by page', async () => {
  const world = await createWorld()
  const api = createApiCalls(world.ports)
  for (const name of ['a', 'b', 'c']) {
    await dropped(world, `contoso/census/${name}.csv`, `age\n${name}\n`)
    await world.play(600)
  }
  const first = (await api.get(`${model}/runs?limit=2`)).body
  expect(first.items).toMatchObject([{ generation: 3 }, { generation: 2 }])
  const rest = (await api.get(`${model}/runs?limit=2&continuation=${first.continuation}`)).body
  expect(rest.items).toMatchObject([{ generation: 1 }])
  expect(rest).not.toHaveProperty('continuation')
})

test.each([
  ['customers/nobody', 'no-such-customer'],
  ['customers/nobody/models/census/why', 'no-such-model'],
  ['customers/nobody/models/census/runs', 'no-such-model'],
  [`${model}/runs/7`, 'no-such-run'],
])('%s is 404 %s', async (path, code) => {
  const api = createApiCalls((await createWorld()).ports)
  expect(await api.get(path)).toMatchObject({ status: 404, body: { code } })
})
