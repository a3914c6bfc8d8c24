import { expect, test } from 'vitest'
import { rollback } from '../../../shared/retraining/rollback.ts'
import { createCrashPlan } from '../../fakes/crash.ts'
import { generationAt, order, trained } from './rollbackPlay.ts'

const never = Number.POSITIVE_INFINITY

/** One rollback with a crash at an effect of it or of what follows; answers how many effects there were. */
async function rolledBack(at: number, when: 'before' | 'after'): Promise<number> {
  const crash = createCrashPlan(never, when)
  const world = await trained(2, crash)
  crash.restart(at)
  await rollback(world.ports, world.key, order).catch(async () => {
    crash.revive()
    await rollback(world.ports, world.key, order)
  })
  for (let round = 0; round < 6; round++) {
    await world.play(120, 60)
    await world.reconcile()
  }
  const { effects } = crash
  crash.restart(never)
  crash.revive()
  expect(await world.head()).toMatchObject({ live: 1, floor: 2, pin: { generation: 1 } })
  expect((await world.head())?.claim).toBeUndefined()
  expect(generationAt(world)).toBe(1)
  return effects
}

test.each(['before', 'after'] as const)('a crash %s an effect of a rollback is made good', async (when) => {
  expect(await rolledBack(never, when)).toBeGreaterThan(40)
  for (let at = 0; at < 60; at += 2) await rolledBack(at, when)
})
