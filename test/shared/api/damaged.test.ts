import { expect, test } from 'vitest'
import { startApi } from '../../cli/apiServer.ts'
import { runLine } from '../../cli/runLine.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

const runs = 'customers/contoso/models/census/runs'

/** Two runs went live, then the row of the first was damaged. */
async function twoRuns(): Promise<World> {
  const world = await createWorld()
  for (const file of ['a', 'b']) {
    await dropped(world, `contoso/census/${file}.csv`, `age\n${file === 'a' ? 1 : 2}\n`)
    await world.play(600)
  }
  const row = world.tables.models
    .rows()
    .filter(({ rowKey }) => rowKey.startsWith('run|'))
    .at(-1)
  if (row === undefined) throw new Error('there is no run')
  await world.tables.models.replace({ ...row, cells: { ...row.cells, state: 'odd' } }, row.etag)
  return world
}

test('a damaged run is listed by its generation, with the reason, beside the others', async () => {
  const world = await twoRuns()
  const api = createApiCalls(world.ports)
  const { status, body } = await api.get(runs)
  expect(status).toBe(200)
  const items = body.items as { generation: number; state?: string; problem?: string }[]
  expect(items.map(({ generation }) => generation)).toEqual([2, 1])
  expect(items.filter(({ state }) => state !== undefined)).toHaveLength(1)
  expect(items.find(({ problem }) => problem !== undefined)?.problem).toBe(
    'Cannot read a run row: wrong or missing: state',
  )
  const { url } = await startApi(() => ({ body }))
  const shown = await runLine(['runs', 'contoso', 'census'], { env: { RETRAIN_URL: url } })
  expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/damaged .*missing: state/) })
})

test('a damaged entry of the audit log stands at its place, with the reason', async () => {
  const world = await createWorld()
  const entry = { what: 'pause', target: 'x', by: 'ann', reason: 'r', requestId: 'r' }
  for (const beganAtMs of [1_000, 2_000, 3_000]) await world.ports.beginAudit({ ...entry, beganAtMs })
  const row = world.tables.audit.rows().find(({ cells }) => String(cells.beganAt).includes(':02.000'))
  if (row === undefined) throw new Error('there is no such entry')
  await world.tables.audit.replace({ ...row, cells: { ...row.cells, v: 99 } }, row.etag)
  const { status, body } = await createApiCalls(world.ports).get('audit')
  expect(status).toBe(200)
  expect(body.items).toMatchObject([
    { beganAt: '1970-01-01T00:00:03.000Z', what: 'pause' },
    { beganAt: '1970-01-01T00:00:02.000Z', problem: expect.stringContaining('newer version') },
    { beganAt: '1970-01-01T00:00:01.000Z', what: 'pause' },
  ])
  const { url } = await startApi(() => ({ body }))
  const shown = await runLine(['audit'], { env: { RETRAIN_URL: url } })
  expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/damaged .*newer version/) })
})
