import { describe, expect, test } from 'vitest'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { startRequested } from '../../../shared/retraining/startRequested.ts'
import { createWorld, dropped, march, starts } from '../../fakes/world.ts'

describe('crashes and lost messages', () => {
  test.each(['submitJob', 'startJob', 'updateEndpoint'] as const)(
    'a worker that dies right after %s loses nothing and starts nothing twice',
    async (operation) => {
      const world = await createWorld()
      const commit = world.ports.commit
      let dead = false
      world.services.fault(operation, 'after', () => {
        dead = true
      })
      world.ports.commit = async (...args) => {
        if (dead) {
          dead = false
          throw new Error('the worker died')
        }
        return commit(...args)
      }
      await dropped(world)
      await world.play(900)
      expect(await world.run(1)).toMatchObject({ state: 'live' })
      expect(starts(world).filter((count) => count > 0)).toEqual([1])
    },
  )

  test('two workers that submit at once start one job, and the other job is deleted', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('submitJob', 'after', () =>
      startRequested(world.ports, { id: 'm', body: { v: 1, ...world.key } }),
    )
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live', jobId: 'job2' })
    expect(starts(world)).toEqual([0, 1])
    expect(world.services.jobs.get('job1')?.status).toEqual({ status: 'Cancelled' })
  })

  test('two workers that open at once open one generation', async () => {
    const world = await createWorld()
    await dropped(world)
    const start = () => startRequested(world.ports, { id: 'm', body: { v: 1, ...world.key } })
    await Promise.all([start(), start(), start()])
    await world.play(300)
    expect(await world.head()).toMatchObject({ lastGeneration: 1, live: 1 })
    expect(starts(world).filter((count) => count > 0)).toEqual([1])
  })

  test('a job whose input would run out before its deadline is discarded unstarted', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('startJob', 'before', () => {
      throw new RetryableError('Cannot start the job: 503', { retryAfterSeconds: 3_600 })
    })
    await world.play(4_000)
    expect(await world.run(1)).toMatchObject({ state: 'live', attempt: 2, jobId: 'job2' })
    expect(starts(world)).toEqual([0, 1])
  })

  test('a poll message with a stale token is deleted and asks nothing', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    const asked = world.services.calls.length
    await world.ports.sendPoll({ v: 1, ...world.key, generation: 1, token: 'stale' }, 0)
    await world.step()
    expect(world.services.calls).toHaveLength(asked)
    expect(world.queues.trainingJobs.messages()).toHaveLength(1)
  })

  test('cleared queues are filled again by reconcile, at every stage of a run', async () => {
    const world = await createWorld()
    await dropped(world)
    for (let tick = 0; tick < 60; tick++) {
      await world.step()
      for (const queue of Object.values(world.queues)) queue.clear()
      world.clock.advance(100)
      await world.reconcile()
    }
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    expect(starts(world)).toEqual([1])
  })

  test('a blob whose event was lost is found by the sweep', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    await world.reconcile()
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
  })

  test('messages that are none of ours, or have no run, end as dead letters', async () => {
    const world = await createWorld()
    world.queues.trainingJobs.sendText('"text"')
    await world.ports.sendPoll({ v: 1, ...world.key, generation: 9, token: 't' }, 0)
    await world.ports.sendUpdate({ v: 1, kind: 'update', ...world.key, generation: 9 }, 0)
    world.queues.startRequests.sendText('{"v":7}')
    await world.step()
    const { letters } = await world.ports.readDeadLetters({ size: 10 })
    expect(letters.map((letter) => letter.source).sort()).toEqual([
      'endpoint-updates',
      'start-requests',
      'training-jobs',
      'training-jobs',
    ])
    for (const queue of Object.values(world.queues)) expect(queue.messages()).toEqual([])
  })
})
