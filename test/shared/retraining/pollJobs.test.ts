import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { pollJobs, type ReceivedPoll } from '../../../shared/retraining/pollJobs.ts'
import { createWorld, dropped, starts } from '../../fakes/world.ts'

describe('jobs', () => {
  test('a failed job names its reason and keeps the live model', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(300)
    await dropped(world, 'contoso/census/bad.csv', 'nonsense')
    await world.step()
    world.services.fail('job2', 'Error 0018: column "age", line 1: there is no such column')
    await world.play(120)
    expect(await world.run(2)).toMatchObject({ state: 'failed' })
    expect((await world.run(2))?.reason).toContain('column "age", line 1')
    expect(await world.head()).toMatchObject({ live: 1 })
    expect(world.services.endpoint.answering).toContain('/0000000001/')
  })

  test('a job that failed of the platform is tried again, three times in all', async () => {
    const world = await createWorld()
    await dropped(world)
    for (const job of ['job1', 'job2', 'job3']) {
      for (let tick = 0; tick < 20 && !world.services.jobs.has(job); tick++) await world.play(5, 5)
      world.services.fail(job, 'InternalError: no worker')
    }
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'failed', platformFailures: 3 })
    expect(starts(world)).toEqual([1, 1, 1])
    const { letters } = await world.ports.readDeadLetters({ size: 10 })
    expect(letters).toMatchObject([{ source: 'runs', customerId: 'contoso', generation: 1 }])
  })

  test('a job that fails with our SAS in its details leaves none of it in the row', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    world.services.fail('job1', 'column at https://a/b?st=1&sig=secret is empty')
    await world.play(60)
    expect((await world.run(1))?.reason).toBe('job failed: column at https://a/b?[cut] is empty')
    expect(JSON.stringify(world.tables.models.rows())).not.toContain('secret')
  })

  test('a job over its deadline is stopped, then the run has failed', async () => {
    const world = await createWorld({ jobDeadlineMinutes: 1 })
    await dropped(world)
    await world.step()
    const job = world.services.jobs.get('job1')
    if (job !== undefined) job.readyAtMs = Number.POSITIVE_INFINITY
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect((await world.run(1))?.reason).toContain('deadline')
    expect(job?.status).toEqual({ status: 'Cancelled' })
  })

  test('throttling and network trouble are waited out on the run schedule', async () => {
    const world = await createWorld()
    const busy = () => {
      throw new RetryableError('Cannot ask: 503', { retryAfterSeconds: 45 })
    }
    for (const operation of ['describeEndpoint', 'submitJob', 'startJob', 'getJob', 'openOutput'] as const) {
      world.services.fault(operation, 'before', busy)
    }
    world.services.fault('updateEndpoint', 'before', busy)
    await dropped(world)
    await world.play(900)
    expect(await world.run(1)).toMatchObject({ state: 'live', attempt: 1 })
    expect(starts(world)).toEqual([1])
    expect(world.services.patches).toHaveLength(1)
  })

  test('a job without the model port fails the run and says which ports it has', async () => {
    const world = await createWorld()
    const service = await world.ports.readTrainingService('census training')
    if (service === undefined) throw new Error('no service')
    await world.ports.putTrainingService({ ...service, modelPort: 'output7' })
    await dropped(world)
    await world.play(300)
    expect((await world.run(1))?.reason).toContain('no output port output7; it has output1, output2')
  })
})

test('messages that come while one is worked off are worked off beside it, as many as are allowed', async () => {
  const { ports } = await createWorld()
  const poll = (id: string): ReceivedPoll => ({
    id,
    body: undefined,
    text: id,
    remove: async () => {},
    hide: async () => {},
  })
  const batches = [['slow'], [], ['a', 'b'], [], ['c'], []]
  const asked: number[] = []
  const underWay = { now: 0, most: 0 }
  const tally = await pollJobs({
    ...ports,
    pollsAtOnce: 4,
    async receivePolls(count) {
      asked.push(count)
      return (batches.shift() ?? []).map(poll)
    },
    async recordDeadLetter({ id }) {
      underWay.now++
      underWay.most = Math.max(underWay.most, underWay.now)
      for (let turns = 0; turns < (id === 'slow' ? 50 : 5); turns++) await setImmediate()
      underWay.now--
    },
  })
  expect(tally).toEqual({ done: 0, later: 0, failed: 4 })
  expect(underWay.most).toBeGreaterThanOrEqual(2)
  expect(Math.max(...asked)).toBeLessThanOrEqual(4)
})

test('a poll that fails is logged with the ids of its run and nothing else of its message', async () => {
  const world = await createWorld()
  await dropped(world)
  await world.step()
  world.clock.advance(60)
  const fields: object[] = []
  const log = { ...world.ports.log, error: (named: object) => void fields.push(named) }
  const readRun = () => Promise.reject(new Error('storage is away'))
  expect(await pollJobs({ ...world.ports, readRun, log })).toMatchObject({ failed: 1 })
  expect(fields).toEqual([{ ...world.key, generation: 1 }])
})
