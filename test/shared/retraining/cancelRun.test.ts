import { describe, expect, test } from 'vitest'
import { cancelRun } from '../../../shared/retraining/cancelRun.ts'
import { endRun } from '../../../shared/retraining/endRun.ts'
import { pauseService } from '../../../shared/retraining/noteHealth.ts'
import { createWorld, dropped, settings } from '../../fakes/world.ts'

const order = { by: 'ann', reason: 'wrong file' }

describe('cancelRun', () => {
  test('a job that trains is told to stop, and the run ends once it has; its drop stays taken', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(20)
    expect((await world.run(1))?.state).toBe('training')
    const key = { ...world.key, generation: 1 }
    expect(await cancelRun(world.ports, key, order)).toEqual({ kind: 'stopping' })
    await world.play(20)
    expect(await world.run(1)).toMatchObject({ state: 'cancelled', reason: 'cancelled by ann: wrong file' })
    expect([...world.services.jobs.values()].map(({ status }) => status.status)).toEqual(['Cancelled'])
    expect((await world.head())?.inFlight).toBeUndefined()
    expect((await world.ports.readSlots(settings.trainingService)).slots).toEqual([])
    expect((await world.ports.readDrops(world.key, { size: 5 })).drops[0]).toMatchObject({ state: 'taken' })
    expect(await cancelRun(world.ports, key, order)).toEqual({ kind: 'cancelled' })
  })

  test('a queued run ends at once, and what waits starts', async () => {
    const world = await createWorld()
    await pauseService(world.ports, settings.trainingService, 'down')
    await dropped(world)
    await world.play(10)
    expect((await world.run(1))?.state).toBe('queued')
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    expect(await cancelRun(world.ports, { ...world.key, generation: 1 }, order)).toEqual({
      kind: 'cancelled',
    })
    await world.play(10)
    expect(await world.head()).toMatchObject({ lastGeneration: 2, inFlight: 2 })
  })

  test('a job that is submitted is deleted before anybody starts it', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('startJob', 'before', () => {
      throw new Error('the service is away')
    })
    await world.step()
    expect((await world.run(1))?.state).toBe('submitted')
    expect(await cancelRun(world.ports, { ...world.key, generation: 1 }, order)).toEqual({ kind: 'stopping' })
    await world.play(20)
    expect(await world.run(1)).toMatchObject({ state: 'cancelled' })
    expect([...world.services.jobs.values()].map(({ starts }) => starts)).toEqual([0])
    expect((await world.ports.readSlots(settings.trainingService)).slots).toEqual([])
  })

  test('a job that finished before it was told to is cancelled all the same', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(20)
    world.clock.advance(100)
    await cancelRun(world.ports, { ...world.key, generation: 1 }, order)
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'cancelled' })
    expect(world.services.patches).toEqual([])
  })

  test('cancelled while its model is archived, a run is not trained any more', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(20)
    world.services.fault('openOutput', 'before', async () => {
      await cancelRun(world.ports, { ...world.key, generation: 1 }, order)
    })
    await world.play(600)
    expect(await world.run(1)).toMatchObject({ state: 'cancelled' })
    expect(world.services.patches).toEqual([])
  })

  test('a run that was found trained meanwhile does not end by what its job said before', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(20)
    const before = await world.run(1)
    if (before === undefined) throw new Error('no run')
    world.clock.advance(100)
    await world.step()
    expect((await world.run(1))?.archive).toBeDefined()
    await endRun(world.ports, before, { state: 'failed', reason: 'the job is gone', from: before })
    expect((await world.run(1))?.state).not.toBe('failed')
  })

  test('a live run is refused, an unknown one too', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(300)
    const refused = { kind: 'refused', reason: 'the run is live' }
    expect(await cancelRun(world.ports, { ...world.key, generation: 1 }, order)).toEqual(refused)
    const unknown = { kind: 'refused', reason: 'there is no generation 2' }
    expect(await cancelRun(world.ports, { ...world.key, generation: 2 }, order)).toEqual(unknown)
  })
})
