import { expect, test } from 'vitest'
import { parseDropPath } from '../../../shared/retraining/names.ts'
import { offerUpload, renewUpload, uploadName } from '../../../shared/retraining/offerUpload.ts'
import { createWorld } from '../../fakes/world.ts'

const key = { customerId: 'contoso', model: 'census' }
const nowMs = Date.parse('2026-11-21T13:45:09Z')
const id = '1b9d6bcd-4f3a-4c1e-9f5d-0b1c2d3e4f50'

test.each([
  ['a plain name', 'march.csv', 'march.csv'],
  ['without an ending', 'march', 'march.csv'],
  ['another ending', 'march.txt', 'march.txt.csv'],
  ['a path up and away', '../../fabrikam/census/march.csv', 'march.csv'],
  ['a path of Windows', 'C:\\data\\march.CSV', 'march.csv'],
  ['odd characters', 'März 2026?#%.csv', 'M-rz-2026.csv'],
  ['nothing of use', '???', 'drop.csv'],
  ['nothing at all', '', 'drop.csv'],
  ['very long', `${'x'.repeat(300)}.csv`, `${'x'.repeat(100)}.csv`],
])("uploadName: %s stays in the model's own folder", (_when, file, last) => {
  const name = uploadName(key, { file, nowMs, id })
  expect(name).toBe(`contoso/census/2026-11-21/134509-1b9d6bcd4f3a-${last}`)
  expect(parseDropPath(name)).toEqual({ kind: 'fits', ...key })
})

test('an upload is offered under a new name each time, for 15 minutes, and for known models only', async () => {
  const world = await createWorld()
  const one = await offerUpload(world.ports, key, 'march.csv')
  const other = await offerUpload(world.ports, key, 'march.csv')
  expect(one?.name).not.toBe(other?.name)
  expect(one?.expiresAtMs).toBe(world.clock.now() + 900_000)
  expect(one?.url).toContain('sp=cw')
  expect(world.lines.join('\n')).not.toContain('sig=')
  expect(await offerUpload(world.ports, { ...key, model: 'churn' }, 'march.csv')).toBeUndefined()
})

test('a place is renewed while its upload is under way, and never for a blob that is there', async () => {
  const world = await createWorld()
  const offered = await offerUpload(world.ports, key, 'march.csv')
  const name = offered?.name ?? ''
  world.clock.advance(600)
  const renewed = await renewUpload(world.ports, key, name)
  expect(renewed).toMatchObject({ name, expiresAtMs: world.clock.now() + 900_000 })
  await world.containers.trainingData.putText(name, 'age\n39\n')
  expect(await renewUpload(world.ports, key, name)).toBe('uploaded')
})

test.each([
  ['a drop that was not offered', 'contoso/census/march.csv'],
  ['another customer', 'fabrikam/census/2026-01-01/000000-1b9d6bcd4f3a-a.csv'],
  ['a path up', 'contoso/census/2026-01-01/000000-1b9d6bcd4f3a-../a.csv'],
  ['one from long ago', 'contoso/census/2025-01-01/000000-1b9d6bcd4f3a-a.csv'],
])('renewUpload: %s is refused', async (_when, name) => {
  const world = await createWorld()
  expect(await renewUpload(world.ports, key, name)).toBe('notOffered')
})
