import { expect, test } from 'vitest'
import { explainModel } from '../../../shared/retraining/explainModel.ts'
import { createWorld, dropped, settings, type World } from '../../fakes/world.ts'

const scheduled = async (world: World) =>
  (await explainModel(world.ports, world.key))?.waits.find(({ kind }) => kind === 'scheduled')

test('a schedule that is not planned yet says when it comes next, and keeps to it', async () => {
  const world = await createWorld({ schedule: { cron: '0 0 2 * * *', spreadMinutes: 30 } })
  const fresh = await scheduled(world)
  expect(fresh?.sentence).toMatch(
    /^New drops will wait: the model waits for its schedule 0 0 2 \* \* \*, next at 2026-01-0[12]T02:[0-2]\d:\d\dZ$/,
  )
  await world.reconcile()
  expect((await world.head())?.schedule?.nextAtMs).toBe(fresh?.untilAtMs)
  expect(await scheduled(world)).toEqual(fresh)
})

test('a schedule that was changed says its own next time, not the one before', async () => {
  const world = await createWorld({ schedule: { cron: '0 0 2 * * *', spreadMinutes: 0 } })
  await dropped(world)
  await world.reconcile()
  await world.ports.putSettings({ ...settings, schedule: { cron: '0 30 5 * * *', spreadMinutes: 0 } })
  expect((await scheduled(world))?.sentence).toMatch(
    /^1 drop waits: .* 0 30 5 \* \* \*, next at .*T05:30:00Z$/,
  )
})
