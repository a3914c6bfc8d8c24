import { describe, expect, test } from 'vitest'
import { breakerAfter, quarantineOf } from '../../../shared/retraining/breaker.ts'
import type { Breaker } from '../../../shared/retraining/head.ts'
import { holdOf } from '../../../shared/retraining/hold.ts'
import {
  pauseAll,
  pauseModel,
  releaseModel,
  resumeAll,
  resumeModel,
  resumeWholeFleet,
} from '../../../shared/retraining/pauseModels.ts'
import { retrain } from '../../../shared/retraining/retrain.ts'
import { createWorld, dropped, settings, starts, type World } from '../../fakes/world.ts'

const order = { by: 'ann', reason: 'a look first' }
const minuteMs = 60_000

async function rounds(world: World, count = 3): Promise<void> {
  for (let round = 0; round < count; round++) {
    await world.play(200, 20)
    await world.reconcile()
  }
}

describe('pause', () => {
  test.each(['the model', 'the customer', 'the fleet'] as const)(
    'of %s: drops wait, then start',
    async (what) => {
      const world = await createWorld()
      const customerId = what === 'the customer' ? 'contoso' : undefined
      if (what === 'the model') await pauseModel(world.ports, world.key, order)
      else await pauseAll(world.ports, customerId, order)
      await dropped(world)
      await rounds(world)
      expect(await world.head()).toMatchObject({ lastGeneration: 0 })
      const refused = await retrain(world.ports, world.key, order)
      expect(refused).toEqual({ kind: 'refused', reason: `${what} is paused by ann: a look first` })
      if (what === 'the model') await resumeModel(world.ports, world.key)
      else await resumeAll(world.ports, customerId, [])
      await rounds(world)
      expect(await world.head()).toMatchObject({ live: 1 })
    },
  )

  test('of the fleet: once it ends, what waits starts at once, also beside a model that is damaged', async () => {
    const world = await createWorld()
    await world.ports.putSettings({ ...settings, customerId: 'adatum' })
    await world.tables.models.put({
      partitionKey: 'adatum|census',
      rowKey: 'head',
      cells: { v: 1, floor: 'x' },
    })
    await pauseAll(world.ports, undefined, order)
    await dropped(world)
    await world.containers.trainingData.putText('adatum/census/march.csv', 'age\n39\n')
    await expect(world.drop('adatum/census/march.csv')).rejects.toThrow('Cannot read a head row')
    await world.play(120)
    expect(await resumeWholeFleet(world.ports)).toBe('changed')
    await world.play(200)
    expect(await world.head()).toMatchObject({ live: 1 })
    expect(await resumeWholeFleet(world.ports)).toBe('unchanged')
  })

  test('reconcile sends a paused model no start after start', async () => {
    const world = await createWorld()
    await pauseModel(world.ports, world.key, order)
    await dropped(world)
    await rounds(world, 10)
    expect(world.lines.filter((line) => line === 'start put off: paused').length).toBeLessThan(3)
  })

  test('a run in flight goes on to its end', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(20)
    await pauseModel(world.ports, world.key, order)
    await rounds(world)
    expect(await world.head()).toMatchObject({ live: 1, paused: { by: 'ann' } })
  })
})

/** A drop whose job fails of its data. */
async function failing(world: World, name: string): Promise<void> {
  const before = world.services.jobs.size
  await dropped(world, `contoso/census/${name}.csv`, `age\n${name}\n`)
  await world.play(20)
  if (world.services.jobs.size === before) return
  world.services.fail(`job${world.services.jobs.size}`, 'Error 0008: a value is out of range')
  await world.play(200, 20)
}

describe('breaker', () => {
  test('three failures in a row quarantine; the next drop opens one try, which ends or prolongs it', async () => {
    const world = await createWorld()
    for (const name of ['1', '2', '3']) await failing(world, name)
    expect((await world.head())?.breaker).toMatchObject({ count: 3, generation: 3 })
    await failing(world, '4')
    expect(await world.head()).toMatchObject({ lastGeneration: 4, breaker: { count: 4 } })
    await failing(world, '5')
    await rounds(world, 2)
    expect(await world.head()).toMatchObject({ lastGeneration: 4 })
    world.clock.advance(15 * 60)
    await dropped(world, 'contoso/census/6.csv', 'age\n6\n')
    await rounds(world)
    expect(await world.head()).toMatchObject({ live: 5 })
    expect((await world.head())?.breaker).toBeUndefined()
  })

  test('released by hand, what waits starts', async () => {
    const world = await createWorld({ breakerRuns: 1 })
    await failing(world, '1')
    await failing(world, '2')
    await failing(world, '3')
    expect(await world.head()).toMatchObject({ lastGeneration: 2 })
    expect(await releaseModel(world.ports, world.key)).toBe('changed')
    await rounds(world)
    expect(await world.head()).toMatchObject({ live: 3 })
    expect(Math.max(...starts(world))).toBe(1)
  })
})

const breaker: Breaker = { count: 3, generation: 7, lastAtMs: 1_000, reason: 'bad' }
test.each([
  ['fewer', { ...breaker, count: 2 }, undefined, undefined],
  ['never', breaker, 0, undefined],
  ['the first time: until the next drop', breaker, undefined, 1_000],
  ['again', { ...breaker, count: 4 }, undefined, 1_000 + 15 * minuteMs],
  ['and again', { ...breaker, count: 6 }, undefined, 1_000 + 60 * minuteMs],
  ['a day at most', { ...breaker, count: 99 }, undefined, 1_000 + 24 * 60 * minuteMs],
])('quarantineOf: %s', (_when, given, breakerRuns, untilAtMs) => {
  expect(quarantineOf(given, breakerRuns)?.untilAtMs).toBe(untilAtMs)
})

test.each([
  ['failed', { state: 'failed' }, {}, 4],
  ['rejected', { state: 'rejected' }, {}, 4],
  ['failed of the service', { state: 'failed', blameless: true }, {}, 3],
  ['a rollback that failed', { state: 'failed' }, { warrant: 'rollback' }, 3],
  ['cancelled', { state: 'cancelled' }, {}, 3],
  ['superseded before the gate', { state: 'superseded' }, {}, 3],
  ['superseded though it passed', { state: 'superseded' }, { warrant: 'gatePassed' }, undefined],
] as const)('breakerAfter: %s', (_when, end, run, count) => {
  const after = breakerAfter(breaker, { generation: 8, ...run }, { reason: 'r', ...end }, 5_000)
  expect(after?.count).toBe(count)
})

const schedule = { cron: '0 0 2 * * *' }
const by = { by: 'ann', reason: 'r', atMs: 0 }
test.each([
  ['nothing', {}, {}, undefined],
  ['a pause before all', { paused: by, breaker }, { schedule }, 'paused'],
  ['a quarantine without a new drop', { breaker }, {}, 'quarantined'],
  ['a quarantine, asked for by hand', { breaker, retrain: by }, {}, undefined],
  [
    'a quarantine, by schedule',
    { breaker, retrain: { ...by, scheduled: true } },
    { schedule },
    'quarantined',
  ],
  ['a schedule', {}, { schedule }, 'scheduled'],
  ['a schedule that is due', { retrain: { ...by, scheduled: true } }, { schedule }, undefined],
] as const)('holdOf: %s', (_when, head, settings, kind) => {
  expect(holdOf(head, settings, [], { newestAcceptedAtMs: 900, nowMs: 2_000 })?.kind).toBe(kind)
})
