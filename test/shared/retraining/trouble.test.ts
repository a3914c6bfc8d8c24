import { expect, test } from 'vitest'
import { RetryableError, TerminalError } from '../../../shared/retraining/errors.ts'
import { noteTrouble } from '../../../shared/retraining/trouble.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

const key = { customerId: 'contoso', model: 'census', generation: 1 }
const failure = new RetryableError('Cannot submit the job: 503')

async function queuedRun() {
  const world = await createWorld()
  world.services.fault('describeEndpoint', 'before', () => {
    throw failure
  })
  await dropped(world)
  await world.step()
  const read = async () => {
    const run = (await world.ports.readRun(key))?.value
    if (run === undefined) throw new Error('no run')
    return run
  }
  return { world, read }
}

test('many workers that fail at the same step put the run off once, and one of them asks again', async () => {
  const { world, read } = await queuedRun()
  const found = await read()
  expect(found.retry?.count).toBe(1)
  const kinds: string[] = []
  for (let workers = 0; workers < 5; workers++) {
    kinds.push((await noteTrouble(world.ports, found, 'submit the job', failure)).kind)
  }
  expect(kinds).toEqual(['later', 'noted', 'noted', 'noted', 'noted'])
  expect((await read()).retry).toMatchObject({ count: 2 })
})

test('the next failure counts again', async () => {
  const { world, read } = await queuedRun()
  await noteTrouble(world.ports, await read(), 'submit the job', failure)
  expect(await noteTrouble(world.ports, await read(), 'submit the job', failure)).toEqual({
    kind: 'later',
    seconds: 120,
  })
})

test('what trying again cannot help still ends a run', async () => {
  const { world, read } = await queuedRun()
  const found = await read()
  await noteTrouble(world.ports, found, 'submit the job', failure)
  const outcome = await noteTrouble(
    world.ports,
    found,
    'submit the job',
    new TerminalError('400 no such input'),
  )
  expect(outcome).toEqual({ kind: 'ended' })
  expect(await read()).toMatchObject({ state: 'failed', reason: 'submit the job: 400 no such input' })
})
