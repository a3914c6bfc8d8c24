import { expect } from 'vitest'
import { isEnded } from '../../../shared/retraining/run.ts'
import { createCrashPlan } from '../../fakes/crash.ts'
import { createWorld, starts } from '../../fakes/world.ts'

/** An effect that is never reached: no crash. */
export const never = Number.POSITIVE_INFINITY

/** Two drops, the second while the first one's run is under way; lost events and messages are reconcile's. */
export async function play(at: number, when: 'before' | 'after') {
  const crash = createCrashPlan(at, when)
  const world = await createWorld({}, crash)
  const { trainingData } = world.containers
  const drop = async (name: string, text: string) => {
    await trainingData.putText(name, text)
    await world.drop(name).catch(() => undefined)
    crash.revive()
  }
  await drop('contoso/census/march.csv', 'age\n39\n')
  await world.play(20)
  await drop('contoso/census/april.csv', 'age\n40\n')
  for (let round = 0; round < 14; round++) {
    await world.play(100, 20)
    await world.reconcile()
  }
  return { world, effects: crash.effects }
}

/** What must hold when everything is quiet again. */
export async function expectPromisesKept(world: Awaited<ReturnType<typeof play>>['world']): Promise<void> {
  const head = await world.head()
  const live = await world.run(head?.live ?? 0)
  expect(live).toMatchObject({ state: 'live', trainedOn: { name: 'contoso/census/april.csv' } })
  expect([head?.inFlight, head?.claim, head?.marksOf]).toEqual([undefined, undefined, undefined])
  const { drops } = await world.ports.readDrops(world.key, { size: 10 })
  expect(drops.map((drop) => drop.state)).toEqual(['taken', 'taken'])
  const runs = await world.ports.readRuns(world.key, 10)
  expect(runs.filter((run) => !isEnded(run.state))).toEqual([])
  expect(Math.max(...starts(world))).toBe(1)
  expect(starts(world).filter((count) => count === 1)).toHaveLength(
    runs.filter((run) => run.jobStartedAtMs !== undefined).length,
  )
  const order = world.services.patches.map((patch) => patch.relativeLocation)
  expect(order).toEqual([...order].sort())
  for (const queue of Object.values(world.queues)) expect(queue.messages()).toEqual([])
}

/** Crashes the play before or after every `stride`-th effect, one crash a play. */
export async function expectCrashesHarmless(when: 'before' | 'after', stride: number): Promise<void> {
  const { effects } = await play(never, when)
  expect(effects).toBeGreaterThan(100)
  for (let at = 0; at < effects; at += stride) {
    const { world } = await play(at, when)
    try {
      await expectPromisesKept(world)
    } catch (error) {
      throw new Error(`broken by a crash ${when} effect ${at}`, { cause: error })
    }
  }
}
