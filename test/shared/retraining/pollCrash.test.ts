import { expect, test } from 'vitest'
import { pollJobs } from '../../../shared/retraining/pollJobs.ts'
import type { ModelSettings } from '../../../shared/retraining/settings.ts'
import { createCrashPlan } from '../../fakes/crash.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

const limit = (text: string, approval: 'never' | 'always'): ModelSettings['gate'] => ({
  kind: 'limits',
  limits: [text],
  approval,
})

/**
 * Plays a run whose tick of polling dies at effect number `at` while a drop waits, without reconcile. Answers undefined when
 * the tick has no such effect.
 */
async function playDying(
  at: number,
  when: 'before' | 'after',
  gate: ModelSettings['gate'],
  failure?: string,
) {
  const crash = createCrashPlan(Number.POSITIVE_INFINITY, when)
  const world = await createWorld({ gate, webhook: { url: 'https://a.example/', secret: 'env:HOOK' } }, crash)
  await dropped(world)
  await world.step()
  world.clock.advance(60)
  await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
  if (failure !== undefined) world.services.fail('job1', failure)
  crash.restart(at)
  await pollJobs(world.ports).catch(() => undefined)
  if (crash.effects <= at) return undefined
  crash.revive()
  await world.play(900)
  return world
}

test.each([
  ['rejected', limit('AUC >= 0.99', 'never')],
  ['awaitingApproval', limit('AUC >= 0.5', 'always')],
] as const)(
  'wherever polling dies, a run gets %s, that is told, and what waited starts, without reconcile',
  async (state, gate) => {
    for (const when of ['before', 'after'] as const) {
      let at = 0
      for (; ; at++) {
        const world = await playDying(at, when, gate)
        if (world === undefined) break
        const where = `${when} effect ${at}`
        expect((await world.run(1))?.state, where).toBe(state)
        expect(await world.head(), where).toMatchObject({ lastGeneration: 2 })
        expect((await world.head())?.untold, where).toBeUndefined()
        const told = world.services.receiver.posts.map(({ event }) => event.subject)
        expect(new Set(told), where).toEqual(new Set(['contoso/census/1', 'contoso/census/2']))
      }
      expect(at).toBeGreaterThan(10)
    }
  },
)

test('wherever polling dies over a job that the platform failed, the next attempt starts, without reconcile', async () => {
  for (const when of ['before', 'after'] as const) {
    let at = 0
    for (; ; at++) {
      const world = await playDying(at, when, limit('AUC >= 0.5', 'never'), 'InternalError: no worker')
      if (world === undefined) break
      expect(await world.head(), `${when} effect ${at}`).toMatchObject({ lastGeneration: 2, live: 2 })
      expect(await world.run(1), `${when} effect ${at}`).toMatchObject({ attempt: 2, state: 'superseded' })
    }
    expect(at).toBeGreaterThan(4)
  }
})
