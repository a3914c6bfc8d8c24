import { describe, expect, test } from 'vitest'
import { acceptDrop } from '../../../shared/retraining/acceptDrop.ts'
import { redriveRun } from '../../../shared/retraining/redriveRun.ts'
import { resendLetter } from '../../../shared/retraining/resendLetter.ts'
import { createWorld, dropped, march, starts, type World } from '../../fakes/world.ts'

const first = { customerId: 'contoso', model: 'census', generation: 1 }

/** A world whose first run has failed three times. */
async function failedWorld() {
  const world = await createWorld()
  await dropped(world)
  for (const job of ['job1', 'job2', 'job3']) {
    for (let tick = 0; tick < 20 && !world.services.jobs.has(job); tick++) await world.play(5, 5)
    world.services.fail(job, 'InternalError: no worker')
  }
  await world.play(120)
  expect(await world.run(1)).toMatchObject({ state: 'failed' })
  return world
}

async function letters(world: World) {
  return (await world.ports.readDeadLetters({ size: 10 })).letters
}

describe('a run that is sent again', () => {
  test('gets a new attempt of the same generation and goes live', async () => {
    const world = await failedWorld()
    expect(await redriveRun(world.ports, first)).toEqual({ kind: 'redriven', attempt: 4 })
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live', attempt: 4, platformFailures: 0 })
    expect(starts(world)).toEqual([1, 1, 1, 1])
    expect(await world.head()).toMatchObject({ live: 1, lastGeneration: 1 })
  })

  test('twice is once', async () => {
    const world = await failedWorld()
    await redriveRun(world.ports, first)
    expect(await redriveRun(world.ports, first)).toEqual({ kind: 'underWay' })
    await world.play(300)
    expect(starts(world)).toEqual([1, 1, 1, 1])
  })

  test('goes on by itself when its message gets lost', async () => {
    const world = await failedWorld()
    await redriveRun(world.ports, first)
    world.queues.startRequests.clear()
    await world.play(150)
    await world.reconcile()
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
  })

  test('is installed again where it was allowed to before and never seen', async () => {
    const world = await createWorld()
    world.services.endpoint.deaf = true
    await dropped(world)
    await world.play(3_000)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect(await world.head()).toMatchObject({ floor: 1 })
    world.services.endpoint.deaf = false
    await redriveRun(world.ports, first)
    await world.play(400)
    expect(await world.run(1)).toMatchObject({ state: 'live', attempt: 2 })
  })

  test.each<[string, (world: World) => Promise<void>, string]>([
    [
      'another generation is in flight',
      async (world) => {
        await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
        await world.step()
      },
      'generation 2 is in flight',
    ],
    [
      'a newer one went live',
      async (world) => {
        await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
        await world.play(300)
      },
      'generation 2 was allowed to update since',
    ],
  ])('is refused while %s', async (_when, arrange, reason) => {
    const world = await failedWorld()
    await arrange(world)
    expect(await redriveRun(world.ports, first)).toEqual({ kind: 'refused', reason })
  })

  test('is refused while its job may still run', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    const stored = await world.ports.readRun(first)
    const head = await world.ports.readHead(first)
    const job = world.services.jobs.get('job1')
    if (stored === undefined || head === undefined || job === undefined) throw new Error('no run')
    await world.ports.commit(first, {
      runs: [{ value: { ...stored.value, state: 'failed' }, etag: stored.etag }],
      head: { value: { ...head.value, inFlight: undefined }, etag: head.etag },
    })
    world.services.fault('deleteJob', 'after', () => {
      job.status = { status: 'Running' }
    })
    expect(await redriveRun(world.ports, first)).toMatchObject({ kind: 'refused' })
    expect(await redriveRun(world.ports, first)).toEqual({ kind: 'redriven', attempt: 2 })
    expect(job.status).toEqual({ status: 'Cancelled' })
  })
})

describe('a dead letter that is sent again', () => {
  test('of a run: a new attempt; the letter stays listed and says when', async () => {
    const world = await failedWorld()
    const [letter] = await letters(world)
    expect(letter).toMatchObject({ source: 'runs', generation: 1 })
    expect(await resendLetter(world.ports, letter?.id ?? '')).toEqual({ kind: 'sent' })
    expect(await resendLetter(world.ports, letter?.id ?? '')).toEqual({ kind: 'again' })
    expect((await letters(world))[0]?.resentAtMs).toBe(world.clock.now())
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
  })

  test.each([
    ['start-requests', { v: 1, customerId: 'contoso', model: 'census' }, 'startRequests'],
    ['training-jobs', { v: 1, ...first, token: 't' }, 'trainingJobs'],
    ['endpoint-updates', { v: 1, kind: 'update', ...first }, 'endpointUpdates'],
  ] as const)('of %s: its message goes to its queue', async (source, body, queue) => {
    const world = await createWorld()
    const letter = { source, id: 'm1', reason: 'poison', body: JSON.stringify(body), atMs: 0 }
    await world.ports.recordDeadLetter(letter)
    const [listed] = await letters(world)
    expect(await resendLetter(world.ports, listed?.id ?? '')).toEqual({ kind: 'sent' })
    expect(world.queues[queue].messages().map((message) => message.body)).toEqual([body])
  })

  test.each([
    [
      'training-data-events',
      {
        eventType: 'Microsoft.Storage.BlobCreated',
        subject: `/blobServices/default/containers/training-data/blobs/${march}`,
      },
    ],
    ['webjobs-blobtrigger', { ContainerName: 'training-data', BlobName: march }],
  ])('of %s: the blob is accepted', async (source, body) => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    await world.ports.recordDeadLetter({
      source,
      id: 'm1',
      reason: 'poison',
      body: JSON.stringify(body),
      atMs: 0,
    })
    const [listed] = await letters(world)
    expect(await resendLetter(world.ports, listed?.id ?? '')).toEqual({ kind: 'sent' })
    expect(await acceptDrop(world.ports, march)).toBe('known')
  })

  test.each([
    ['start-requests', 'nonsense', 'its message is none of ours'],
    ['elsewhere', '{}', 'nothing takes letters of elsewhere'],
  ])('of %s with %s is refused and stays open', async (source, body, reason) => {
    const world = await createWorld()
    await world.ports.recordDeadLetter({ source, id: 'm1', reason: 'poison', body, atMs: 0 })
    const [listed] = await letters(world)
    expect(await resendLetter(world.ports, listed?.id ?? '')).toEqual({ kind: 'refused', reason })
    expect((await letters(world))[0]?.resentAtMs).toBeUndefined()
  })
})
