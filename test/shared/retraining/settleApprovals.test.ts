import { describe, expect, test } from 'vitest'
import type { Run, RunState } from '../../../shared/retraining/run.ts'
import { endOfWaiting } from '../../../shared/retraining/settleApprovals.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

const dayMs = 86_400_000
const run: Run = {
  ...{ customerId: 'contoso', model: 'census', generation: 2, state: 'awaitingApproval', attempt: 1 },
  ...{ platformFailures: 0, manifest: 'm', trainingService: 's', timeline: [] },
  ...{ openedAtMs: 0, updatedAtMs: 0, trainedAtMs: 0 },
}
const head = { lastGeneration: 3, floor: 0 }

test.each<[when: string, state: RunState, live: number | undefined, nowMs: number, then: string | undefined]>(
  [
    ['in time', 'awaitingApproval', 1, dayMs * 3 - 1, undefined],
    ['after approvalDays', 'awaitingApproval', undefined, dayMs * 3, 'rejected'],
    ['a newer one is live', 'awaitingApproval', 3, 0, 'superseded'],
    ['approved meanwhile', 'updating', 3, 0, undefined],
  ],
)('endOfWaiting: %s', (_when, state, live, nowMs, then) => {
  expect(endOfWaiting({ ...run, state }, { ...head, live }, { approvalDays: 3 }, nowMs)?.state).toBe(then)
})

test.each([
  [99, undefined],
  [100, 'superseded'],
])('endOfWaiting: while %i newer ones wait as well', (newer, then) => {
  const awaiting = [1, 2, ...Array.from({ length: newer }, (_, index) => 3 + index)]
  expect(endOfWaiting(run, { ...head, awaiting }, { approvalDays: 3 }, 0)?.state).toBe(then)
})

describe('runs that wait for approval', () => {
  async function waitingWorld() {
    const world = await createWorld({ approvalDays: 3 })
    await dropped(world)
    await world.step()
    const key = { ...world.key, generation: 1 }
    const [stored, held] = [await world.ports.readRun(key), await world.ports.readHead(key)]
    if (stored === undefined || held === undefined) throw new Error('no run')
    const asked = { ...stored.value, state: 'awaitingApproval' as const, poll: undefined, slot: undefined }
    await world.ports.commit(key, {
      runs: [{ value: { ...asked, trainedAtMs: world.clock.now() }, etag: stored.etag }],
      head: { value: { ...held.value, inFlight: undefined, awaiting: [1] }, etag: held.etag },
    })
    return world
  }

  test('end superseded once a newer one is live', async () => {
    const world = await waitingWorld()
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 2 })
    expect((await world.head())?.awaiting).toBeUndefined()
    expect(await world.run(1)).toMatchObject({ state: 'superseded', reason: 'generation 2 is live' })
  })

  test('end rejected when nobody approves', async () => {
    const world = await waitingWorld()
    await world.reconcile()
    expect(await world.run(1)).toMatchObject({ state: 'awaitingApproval' })
    world.clock.advance(3 * 86_400)
    await world.reconcile()
    expect(await world.run(1)).toMatchObject({ state: 'rejected', reason: 'nobody approved it for 3 days' })
  })
})
