import { describe, expect, test } from 'vitest'
import { approveRun, judgeApproval } from '../../../shared/retraining/approveRun.ts'
import { judgeRejection, rejectRun } from '../../../shared/retraining/rejectRun.ts'
import type { Run, RunState } from '../../../shared/retraining/run.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

const by = { by: 'Ada', reason: 'seen and good' }
const april = 'contoso/census/april.csv'

const archived = { name: 'm', sizeBytes: 1, sha256: 'h' }

const run: Run = {
  ...{ customerId: 'contoso', model: 'census', generation: 2, state: 'awaitingApproval', attempt: 1 },
  ...{ platformFailures: 0, manifest: 'm', trainingService: 's', timeline: [] },
  ...{ openedAtMs: 0, updatedAtMs: 0, trainedAtMs: 0 },
  archive: { model: archived, evaluation: archived },
}
const override = { kind: 'approved' as const, ...by, decidedAtMs: 0 }

test.each<[when: string, run: Partial<Run>, floor: number, then: string]>([
  ['it waits', {}, 1, 'approved'],
  ['it was rejected', { state: 'rejected' }, 1, 'approved'],
  ['it was approved before', { warrant: 'override', override }, 1, 'again'],
  ['it is live by approval', { state: 'live', warrant: 'override', override }, 2, 'again'],
  ['it is live by the gate', { state: 'live', warrant: 'gatePassed' }, 2, 'refused'],
  ['a newer one was allowed to update', {}, 3, 'refused'],
  ['it failed', { state: 'failed' }, 1, 'refused'],
  ['it was sent again and waits once more', { update: { attempt: 1, claimedAtMs: 0 } }, 2, 'approved'],
])('judgeApproval: %s', (_when, change, floor, then) => {
  expect(judgeApproval({ ...run, ...change }, { lastGeneration: 3, floor }, 0).kind).toBe(then)
})

test.each<[state: RunState, warrant: Run['warrant'], then: string]>([
  ['awaitingApproval', undefined, 'rejected'],
  ['awaitingApproval', 'override', 'refused'],
  ['rejected', undefined, 'again'],
  ['rejected', 'override', 'refused'],
  ['live', 'gatePassed', 'refused'],
])('judgeRejection: %s with warrant %s', (state, warrant, then) => {
  expect(judgeRejection({ ...run, state, warrant }).kind).toBe(then)
})

const asking = { gate: { kind: 'limits', limits: ['AUC >= 0.5'], approval: 'always' } } as const
const key = { customerId: 'contoso', model: 'census', generation: 1 }

async function waiting(gate: Parameters<typeof createWorld>[0] = asking): Promise<World> {
  const world = await createWorld(gate)
  await dropped(world)
  await world.play(120)
  return world
}

describe('a gate that asks', () => {
  test('keeps the model from the endpoint until a person approves it', async () => {
    const world = await waiting()
    expect(await world.run(1)).toMatchObject({ state: 'awaitingApproval', decision: { verdict: 'approve' } })
    expect(await world.head()).toMatchObject({ awaiting: [1], floor: 0 })
    expect(world.services.patches).toEqual([])
    expect(await approveRun(world.ports, key, by)).toEqual({ kind: 'approved' })
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'live', warrant: 'override', override: by })
    const head = await world.head()
    expect(head).toMatchObject({ live: 1, floor: 1 })
    expect([head?.awaiting, head?.approved]).toEqual([undefined, undefined])
    expect((await world.run(1))?.timeline.map(({ text }) => text)).toContain('approved by Ada: seen and good')
  })

  test('a run whose model is removed while it is being approved is refused, and waits on', async () => {
    const world = await waiting()
    const hasModel = async () => {
      const stored = await world.ports.readRun(key)
      if (stored !== undefined)
        await world.ports.commit(key, {
          runs: [{ ...stored, value: { ...stored.value, archive: undefined } }],
        })
      return true
    }
    const approval = await approveRun({ ...world.ports, hasModel }, key, by)
    expect(approval).toEqual({ kind: 'refused', reason: 'its archived model is gone' })
    expect((await world.head())?.approved).toBeUndefined()
  })

  test('an approval twice is one update', async () => {
    const world = await waiting()
    await approveRun(world.ports, key, by)
    expect(await approveRun(world.ports, key, by)).toEqual({ kind: 'again' })
    await world.play(60)
    expect(world.services.patches).toHaveLength(1)
  })

  test('an approval whose message got lost is seen to by reconcile', async () => {
    const world = await waiting()
    await approveRun(world.ports, key, by)
    world.queues.endpointUpdates.clear()
    world.clock.advance(150)
    await world.reconcile()
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
  })

  test('it updates while the next generation trains, which updates after it', async () => {
    const world = await waiting()
    await dropped(world, april, 'age\n40\n')
    await world.step()
    await approveRun(world.ports, key, by)
    await world.step()
    expect(await world.head()).toMatchObject({ floor: 1, inFlight: 2, approved: [1] })
    await world.play(120)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    expect(await approveRun(world.ports, { ...key, generation: 2 }, by)).toEqual({ kind: 'approved' })
    await world.play(60)
    expect(await world.head()).toMatchObject({ live: 2, floor: 2 })
  })

  test('refused once a newer one updated', async () => {
    const world = await waiting()
    await dropped(world, april, 'age\n40\n')
    await world.play(120)
    await approveRun(world.ports, { ...key, generation: 2 }, by)
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'superseded' })
    expect(await approveRun(world.ports, key, by)).toMatchObject({ kind: 'refused' })
  })

  test('refused when the archived model is gone', async () => {
    const world = await waiting()
    const name = (await world.run(1))?.archive?.model.name ?? ''
    await world.containers.models.remove(name)
    expect(await approveRun(world.ports, key, by)).toEqual({
      kind: 'refused',
      reason: 'its archived model is gone',
    })
  })

  test('a person rejects; nobody can be asked twice', async () => {
    const world = await waiting()
    expect(await rejectRun(world.ports, key, by)).toEqual({ kind: 'rejected' })
    expect(await rejectRun(world.ports, key, by)).toEqual({ kind: 'again' })
    expect(await world.run(1)).toMatchObject({ state: 'rejected', reason: 'rejected by Ada: seen and good' })
    expect((await world.head())?.awaiting).toBeUndefined()
  })
})

describe('a run that the gate rejected', () => {
  const strict = { gate: { kind: 'limits', limits: ['AUC >= 0.99'] } } as const

  test('never reaches the endpoint, and does once a person overrules the gate', async () => {
    const world = await waiting(strict)
    expect(await world.run(1)).toMatchObject({ state: 'rejected', decision: { verdict: 'reject' } })
    expect((await world.run(1))?.reason).toContain('AUC >= 0.99 is broken (0.9, at bound 0.99)')
    expect(world.services.patches).toEqual([])
    await approveRun(world.ports, key, by)
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'live', warrant: 'override' })
    expect(world.services.patches).toHaveLength(1)
  })

  test('approved too late it stays rejected, and says why', async () => {
    const world = await waiting(strict)
    await dropped(world, april, 'age\n40\n')
    await world.play(120)
    await approveRun(world.ports, key, by)
    world.queues.endpointUpdates.clear()
    await approveRun(world.ports, { ...key, generation: 2 }, by)
    await world.play(60)
    await world.ports.sendUpdate({ v: 1, kind: 'update', ...key }, 0)
    await world.play(60)
    expect(await world.head()).toMatchObject({ live: 2 })
    expect((await world.head())?.approved).toBeUndefined()
    const run = await world.run(1)
    expect(run).toMatchObject({ state: 'rejected', override: by })
    expect(run?.warrant).toBeUndefined()
    expect(run?.timeline.at(-1)?.text).toBe('not updated: generation 2 was allowed to update first')
  })
})
