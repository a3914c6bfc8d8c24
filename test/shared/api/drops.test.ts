import { beforeEach, expect, test } from 'vitest'
import { createWorld, dropped, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

let world: World
let api: ReturnType<typeof createApiCalls>
const drops = 'customers/contoso/models/census/drops'

beforeEach(async () => {
  world = await createWorld({ trainingData: 'append', quietSeconds: 60, maxQuietSeconds: 60 })
  api = createApiCalls(world.ports)
})

test('an upload is offered with a caller and a reason in the audit log, and its URL nowhere', async () => {
  const answer = await api.post(drops, { name: 'march.csv' }, { headers: { 'x-retrain-caller': 'zoe' } })
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ name: expect.stringMatching(/^contoso\/census\/2026-01-01\/000000-/) })
  expect(answer.body.url).toContain('sp=cw')
  const { items } = await world.ports.listAudit({ size: 10 })
  expect(items).toMatchObject([{ by: 'zoe', what: 'offer an upload', target: drops, outcome: 'done' }])
  expect(JSON.stringify([items, world.lines])).not.toContain('sig=')
})

test.each([
  ['an unknown model', 'customers/contoso/models/churn/drops', { name: 'a.csv' }, 404],
  ['no file', drops, {}, 400],
  ['two files', drops, { name: 'a.csv', file: 'b.csv' }, 400],
  ['a blob of somebody else', drops, { name: 'fabrikam/census/march.csv' }, 409],
  ['a blob that was not offered', drops, { name: 'contoso/census/march.csv' }, 409],
])('an upload is refused for %s', async (_when, path, body, status) => {
  expect(await api.post(path, body)).toMatchObject({ status, body: { status } })
})

test('an upload is renewed under its own name', async () => {
  const { body } = await api.post(drops, { file: 'march.csv' })
  const renewed = await api.post(drops, { name: body.name })
  expect(renewed).toMatchObject({ status: 201, body: { name: body.name } })
})

test('of a file with a path its last part is the name', async () => {
  const { body } = await api.post(drops, { file: '../out/march 2.csv' })
  expect(body.name).toMatch(/^contoso\/census\/2026-01-01\/000000-\w+-march-2\.csv$/)
})

test('drops are listed with what became of them, filtered and in pages', async () => {
  for (const file of ['a', 'b', 'c']) await dropped(world, `contoso/census/${file}.csv`, `age\n${file}\n`)
  const all = (await api.get(drops)).body.items as { id: string; name: string; state: string }[]
  expect(all.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
  const [first] = all
  await api.post(`${drops}/${first?.id}/exclude`, {}, { headers: { 'x-retrain-reason': 'The wrong month' } })
  const excluded = await api.get(`${drops}?state=excluded&reason=wrong%20month`)
  expect(excluded.body.items).toMatchObject([{ id: first?.id, excludedFor: 'The wrong month' }])
  const page = await api.get(`${drops}?state=pending&limit=1`)
  expect(page.body.items).toHaveLength(1)
  const next = await api.get(`${drops}?state=pending&limit=1&continuation=${page.body.continuation}`)
  expect(next.body.items).toHaveLength(1)
  expect(next.body.items).not.toEqual(page.body.items)
  await world.play(300)
  expect((await api.get(`${drops}?generation=1`)).body.items).toHaveLength(2)
})

test('a drop is left out and taken in again, each once, and audited', async () => {
  await dropped(world)
  const [drop] = (await api.get(drops)).body.items as { id: string }[]
  const change = async (what: string) => (await api.post(`${drops}/${drop?.id}/${what}`)).body.outcome
  expect(await change('exclude')).toBe('changed')
  expect(await change('exclude')).toBe('unchanged')
  expect(await change('include')).toBe('changed')
  expect((await world.ports.listAudit({ size: 10 })).items.map(({ what }) => what).toSorted()).toEqual([
    'exclude drop',
    'exclude drop',
    'include drop',
  ])
  const unknown = `${drops}/${'0'.repeat(32)}-${'0'.repeat(16)}/exclude`
  expect(await api.post(unknown)).toMatchObject({ status: 404, body: { code: 'no-such-drop' } })
})
