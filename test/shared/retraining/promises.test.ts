import { describe, expect, test } from 'vitest'
import { buryPoison } from '../../../shared/retraining/buryMessage.ts'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { createWorld, dropped, limits, march, service, starts, type World } from '../../fakes/world.ts'

const busy = () => {
  throw new RetryableError('Cannot start the job: 503')
}

async function playUntil(world: World, holds: () => Promise<boolean>, everySeconds = 10): Promise<void> {
  for (let steps = 0; steps < 100 && !(await holds()); steps++) await world.play(everySeconds, everySeconds)
  expect(await holds()).toBe(true)
}

const isState = (world: World, state: string) => async () => (await world.run(1))?.state === state

describe('a job that was submitted and not started', () => {
  /** A run whose job waits for its start, which the service refuses so many times. */
  async function submitted(refusals: number): Promise<World> {
    const world = await createWorld()
    for (let count = 0; count < refusals; count++) world.services.fault('startJob', 'before', busy)
    await dropped(world)
    await playUntil(world, isState(world, 'submitted'))
    return world
  }

  test('is discarded when its input would expire before the job is done, and another one runs', async () => {
    const world = await submitted(1)
    world.clock.advance(3_600)
    await playUntil(world, isState(world, 'live'))
    expect(starts(world)).toEqual([0, 1])
    expect(world.services.jobs.get('job1')?.status).toEqual({ status: 'Cancelled' })
    const run = await world.run(1)
    expect(run).toMatchObject({ attempt: 2, platformFailures: 0, jobId: 'job2' })
    expect(run?.timeline.some(({ text }) => text.includes('the input would have expired'))).toBe(true)
  })

  test('frees its slot within a lease, though its start goes on being refused', async () => {
    const world = await submitted(1_000)
    world.clock.advance(limits.slotLeaseSeconds + 1)
    await world.reconcile()
    expect((await world.ports.readSlots(service.name)).slots).toEqual([])
    expect(world.services.jobs.get('job1')?.status).toEqual({ status: 'Cancelled' })
    expect(starts(world)).toEqual([0])
  })
})

test('a service that is busy for a day ends the run with its reason and a letter, and not a minute earlier', async () => {
  const world = await createWorld()
  for (let count = 0; count < 1_000; count++) world.services.fault('submitJob', 'before', busy)
  await dropped(world)
  await world.play(86_400 - 3_600, 1_200)
  expect(await world.run(1)).toMatchObject({ state: 'queued' })
  await world.play(3 * 3_600, 1_200)
  expect(await world.run(1)).toMatchObject({ state: 'failed' })
  expect((await world.head())?.inFlight).toBeUndefined()
  const { letters } = await world.ports.readDeadLetters({ size: 10 })
  expect(letters).toMatchObject([{ source: 'runs', customerId: 'contoso', generation: 1 }])
  expect(letters[0]?.reason).toContain('503')
})

test('accepting a drop is one transaction, and one start for all that land in the quiet period', async () => {
  const world = await createWorld({ quietSeconds: 60, maxQuietSeconds: 600 })
  const { models } = world.tables
  const counted = { transacts: 0, heads: 0 }
  const { insertDrop, commit } = world.ports
  world.ports.insertDrop = (...drop) => {
    counted.transacts++
    return insertDrop(...drop)
  }
  world.ports.commit = (...change) => {
    counted.heads++
    return commit(...change)
  }
  for (let count = 0; count < 50; count++) await dropped(world, `contoso/census/${count}.csv`)
  expect(counted).toEqual({ transacts: 50, heads: 1 })
  expect(await world.queues.startRequests.count()).toBe(1)
  expect(models.rows().filter(({ rowKey }) => rowKey.startsWith('pending|'))).toHaveLength(50)
})

test('a message that the host gave up on is listed with its run, which stays as it is and goes on', async () => {
  const world = await createWorld()
  await dropped(world)
  await world.step()
  const before = await world.run(1)
  const body = { v: 1, kind: 'update', ...world.key, generation: 1 }
  await buryPoison(world.ports, 'endpoint-updates', { id: 'm1', body })
  await buryPoison(world.ports, 'endpoint-updates', { id: 'm1', body })
  expect(await world.run(1)).toEqual(before)
  const { letters } = await world.ports.readDeadLetters({ size: 10 })
  expect(letters).toMatchObject([
    { source: 'endpoint-updates', ...world.key, generation: 1, body: JSON.stringify(body) },
  ])
  expect(letters[0]?.reason).toBe('the function failed on it until the host gave up')
  await playUntil(world, isState(world, 'live'))
})

describe('nothing of one customer is read, signed or written for another', () => {
  const other = { customerId: 'adatum', model: 'census' }
  const theirs = /belongs to another customer or model/

  test('a run', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    const run = await world.ports.readRun({ ...world.key, generation: 1 })
    if (run === undefined) throw new Error('no run')
    await expect(world.ports.commit(other, { runs: [run] })).rejects.toThrow(theirs)
  })

  test.each<[what: string, use: (world: World, name: string) => Promise<unknown>]>([
    ['a manifest', ({ ports }, name) => ports.readManifest(other, name)],
    ['an input', ({ ports }, name) => ports.signInput(other, name, 0, 1)],
    ['a model', ({ ports }, name) => ports.signModel(other, name, 0, 1)],
    ['an evaluation', ({ ports }, name) => ports.readEvaluation(other, name)],
    ['a copy', ({ ports }, name) => ports.readColumns(other, name)],
    ['a set', ({ ports }, name) => ports.joinSet({ ...other, generation: 1 }, [name])],
    ['a training set', ({ ports }, name) => ports.removeTrainingSet(other, name)],
    ['an archived file', ({ ports }, name) => ports.removeArchived(other, name)],
  ])('%s', async (_what, use) => {
    const world = await createWorld()
    await expect((async () => use(world, march))()).rejects.toThrow(theirs)
    await expect((async () => use(world, 'adatum/census-2/x.csv'))()).rejects.toThrow(theirs)
  })
})
