import { describe, expect, test } from 'vitest'
import type { Head } from '../../../shared/retraining/head.ts'
import { redriveRun } from '../../../shared/retraining/redriveRun.ts'
import { judgeRollback, rollback, unpin } from '../../../shared/retraining/rollback.ts'
import type { Run } from '../../../shared/retraining/run.ts'
import { dropped } from '../../fakes/world.ts'
import { generationAt, order, trained } from './rollbackPlay.ts'

describe('rollback', () => {
  test('to the generation that was live before: its model answers again, checked, and is pinned', async () => {
    const world = await trained(3)
    expect(await rollback(world.ports, world.key, order)).toEqual({ kind: 'begun', from: 3, to: 2 })
    await world.play(100)
    expect(await world.head()).toMatchObject({
      live: 2,
      floor: 3,
      barred: 3,
      pin: { generation: 2, by: 'ann' },
    })
    expect(await world.run(2)).toMatchObject({
      state: 'live',
      warrant: 'rollback',
      evidence: 'location and probe row',
    })
    expect(await world.run(3)).toMatchObject({ state: 'superseded', reason: 'generation 2 is live' })
    expect(generationAt(world)).toBe(2)
  })

  test('and once more goes on down; the one given is taken, upwards too', async () => {
    const world = await trained(3)
    await rollback(world.ports, world.key, order)
    await world.play(100)
    expect(await rollback(world.ports, world.key, order)).toMatchObject({ from: 2, to: 1 })
    await world.play(100)
    expect(await rollback(world.ports, world.key, { ...order, to: 3 })).toMatchObject({ from: 1, to: 3 })
    await world.play(100)
    expect(await world.head()).toMatchObject({ live: 3, pin: { generation: 3 } })
  })

  test('while pinned a run trains and ends superseded; after unpin the next drop goes live', async () => {
    const world = await trained(2)
    await rollback(world.ports, world.key, order)
    await dropped(world, 'contoso/census/3.csv', 'age\n3\n')
    await world.play(400)
    expect(await world.run(3)).toMatchObject({
      state: 'superseded',
      reason: 'the endpoint is pinned to generation 1',
      archive: { model: {} },
    })
    expect((await world.head())?.live).toBe(1)
    expect(await unpin(world.ports, world.key, 'ann')).toEqual({ kind: 'unpinned' })
    expect(await world.head()).toMatchObject({ live: 1, floor: 2, barred: 2 })
    await dropped(world, 'contoso/census/4.csv', 'age\n4\n')
    await world.play(400)
    expect(await world.head()).toMatchObject({ live: 4 })
  })

  test('a run that was in flight does not undo it, not even after unpin', async () => {
    const world = await trained(2)
    await dropped(world, 'contoso/census/3.csv', 'age\n3\n')
    await world.play(30)
    expect((await world.run(3))?.state).toBe('training')
    await rollback(world.ports, world.key, order)
    await world.play(20)
    await world.clock.advance(40)
    await world.play(20)
    while ((await world.head())?.live !== 1) await world.play(10)
    await unpin(world.ports, world.key, 'ann')
    await world.play(400)
    expect(await world.run(3)).toMatchObject({ state: 'superseded' })
    expect(generationAt(world)).toBe(1)
    expect(await redriveRun(world.ports, { ...world.key, generation: 3 })).toMatchObject({ kind: 'refused' })
  })

  test('a PATCH that is under way when it comes is overtaken, and the model of the rollback put back', async () => {
    const world = await trained(2)
    await dropped(world, 'contoso/census/3.csv', 'age\n3\n')
    world.services.fault('updateEndpoint', 'before', async () => {
      await rollback(world.ports, world.key, { ...order, to: 1 })
    })
    await world.play(600)
    const sent = world.services.patches.map(({ relativeLocation }) => relativeLocation.split('/').at(-3))
    expect(sent.slice(0, 4).map(Number)).toEqual([1, 2, 3, 1])
    expect((await world.head())?.claim).toBeUndefined()
    expect(await world.head()).toMatchObject({ live: 1 })
    expect(generationAt(world)).toBe(1)
    expect(await world.run(3)).toMatchObject({ state: 'superseded' })
  })

  test('a pinned endpoint that other hands changed is put right', async () => {
    const world = await trained(2)
    await rollback(world.ports, world.key, order)
    await world.play(100)
    const { description } = world.services.endpoint
    if (description === 'gone') throw new Error('gone')
    Object.assign(description.resources[0] ?? {}, { relativeLocation: 'by hand' })
    await dropped(world, 'contoso/census/3.csv', 'age\n3\n')
    await world.play(20)
    await world.reconcile()
    await world.play(400)
    expect(generationAt(world)).toBe(1)
    expect(await world.head()).toMatchObject({ live: 1, pin: { generation: 1 } })
  })

  test('one that does not reach the endpoint fails, and the pin stays with the live model', async () => {
    const world = await trained(2)
    world.services.endpoint.deaf = true
    await rollback(world.ports, world.key, order)
    await world.play(3_000, 60)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect(await world.head()).toMatchObject({ live: 2, pin: { generation: 2 } })
    world.services.endpoint.deaf = false
    await world.reconcile()
    await world.play(200)
    expect(generationAt(world)).toBe(2)
    await dropped(world, 'contoso/census/3.csv', 'age\n3\n')
    await world.play(400)
    expect((await world.head())?.live).toBe(2)
  })

  test('to another generation while one is under way: the first ends, the second goes live', async () => {
    const world = await trained(3)
    await rollback(world.ports, world.key, order)
    expect(await rollback(world.ports, world.key, { ...order, to: 1 })).toMatchObject({ to: 1 })
    await world.play(300)
    expect(await world.run(2)).toMatchObject({
      state: 'superseded',
      reason: 'rolled back to generation 1 instead',
    })
    expect(await world.head()).toMatchObject({ live: 1, pin: { generation: 1 } })
  })

  test('back to the live one while another is under way keeps the live one', async () => {
    const world = await trained(2)
    await rollback(world.ports, world.key, order)
    expect(await unpin(world.ports, world.key, 'ann')).toEqual({
      kind: 'refused',
      reason: 'the rollback to generation 1 is not done yet',
    })
    await rollback(world.ports, world.key, { ...order, to: 2 })
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 2, pin: { generation: 2 } })
    expect(generationAt(world)).toBe(2)
  })

  test.each([
    ['a generation that never was', { ...order, to: 9 }, 'there is no generation 9'],
    [
      'without one that was live before',
      order,
      'no generation was live before that has its model in the archive',
    ],
  ])('refuses %s', async (_what, wanted, reason) => {
    const world = await trained(1)
    expect(await rollback(world.ports, world.key, wanted)).toEqual({ kind: 'refused', reason })
  })
})

const head: Head = { lastGeneration: 3, floor: 3, live: 3 }
const archive = { model: {}, evaluation: {} }
test.each([
  ['without a model', {}, { state: 'failed', archive: undefined }, 'refused'],
  ['still in training', {}, { state: 'training' }, 'refused'],
  ['waiting for a person', {}, { state: 'awaitingApproval' }, 'refused'],
  ['approved, on its way', { approved: [2] }, { state: 'rejected' }, 'refused'],
  ['rejected by the gate', {}, { state: 'rejected' }, undefined],
  ['superseded', {}, { state: 'superseded' }, undefined],
  ['live', {}, { generation: 3, state: 'live' }, undefined],
  ['on its way already', { pin: { ...order, atMs: 0, generation: 2 } }, { state: 'updating' }, 'unchanged'],
  [
    'pinned before, but it came to nothing',
    { pin: { ...order, atMs: 0, generation: 2 } },
    { state: 'failed' },
    undefined,
  ],
])('judgeRollback: %s', (_when, change, run, then) => {
  const found = { generation: 2, archive, ...run } as unknown as Run
  expect(judgeRollback({ head: { ...head, ...change } as Head, run: found })?.kind).toBe(then)
})
