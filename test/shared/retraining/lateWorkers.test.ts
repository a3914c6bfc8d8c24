import { describe, expect, test } from 'vitest'
import { endRun } from '../../../shared/retraining/endRun.ts'
import { TerminalError } from '../../../shared/retraining/errors.ts'
import { judgeRun } from '../../../shared/retraining/judgeRun.ts'
import { createWorld, dropped, settings, type World } from '../../fakes/world.ts'

const patches = (world: World) => world.services.calls.filter((call) => call === 'updateEndpoint').length

async function playUntil(world: World, state: string): Promise<void> {
  for (let steps = 0; steps < 60 && (await world.run(1))?.state !== state; steps++) {
    world.clock.advance(5)
    await world.step()
  }
  expect((await world.run(1))?.state).toBe(state)
}

describe('a PATCH is sent in the first half of a claim only, since it may take as long as the other half', () => {
  test('not once more after the first took long', async () => {
    const world = await createWorld()
    let sentAtMs = 0
    world.services.fault('updateEndpoint', 'before', () => {
      world.clock.advance(70)
      sentAtMs = patches(world)
      throw new TerminalError('Cannot update the endpoint: 400 BlobNotFound')
    })
    await dropped(world)
    await playUntil(world, 'updating')
    expect([sentAtMs, patches(world)]).toEqual([1, 1])
    expect((await world.head())?.claim).toMatchObject({ generation: 1, owner: '' })
    await playUntil(world, 'live')
    expect(patches(world)).toBe(2)
  })

  test('not after describing the endpoint took long', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('updateEndpoint', 'before', async () => {
      const stored = await world.ports.readHead(world.key)
      if (stored?.value.claim === undefined) throw new Error('no claim')
      const claim = { ...stored.value.claim, owner: 'a worker that died', untilAtMs: world.clock.now() }
      await world.ports.commit(world.key, { head: { value: { ...stored.value, claim }, etag: stored.etag } })
      world.services.fault('describeEndpoint', 'before', () => world.clock.advance(100))
      throw new Error('Cannot reach the service: reset')
    })
    await playUntil(world, 'updating')
    const before = patches(world)
    for (let steps = 0; steps < 30 && patches(world) === before; steps++) {
      world.clock.advance(5)
      await world.step()
    }
    const texts = (await world.run(1))?.timeline.map(({ text }) => text)
    expect(texts?.some((text) => text.includes('half of its claim is over'))).toBe(true)
    await playUntil(world, 'live')
  })
})

describe('a worker that comes late ends no run that others have taken on', () => {
  test('a refused PATCH, when another worker has the claim by then', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('updateEndpoint', 'before', async () => {
      world.clock.advance(130)
      const head = await world.ports.readHead(world.key)
      const claim = { generation: 1, attempt: 2, owner: 'another', untilAtMs: world.clock.now() + 120_000 }
      if (head !== undefined)
        await world.ports.commit(world.key, { head: { value: { ...head.value, claim }, etag: head.etag } })
      throw new TerminalError('Cannot update the endpoint: 400 InvalidRequest')
    })
    await playUntil(world, 'updating')
    expect((await world.head())?.claim).toMatchObject({ owner: 'another' })
    expect(await world.head()).toMatchObject({ inFlight: 1 })
  })

  test('a gate that says no, when the run has passed it already', async () => {
    const world = await createWorld()
    await dropped(world)
    await playUntil(world, 'updating')
    const run = await world.run(1)
    if (run === undefined) throw new Error('no run')
    const strict = { ...settings, gate: { kind: 'limits' as const, limits: ['AUC >= 0.99'] } }
    await judgeRun(world.ports, strict, { ...run, state: 'trained', warrant: undefined })
    expect(await world.run(1)).toMatchObject({ state: 'updating', warrant: 'firstModel' })
  })

  test('what has gone on to another attempt gets no dead letter either', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    const run = { ...world.key, generation: 1 }
    const from = { state: 'training' as const, attempt: 7 }
    await endRun(world.ports, run, { state: 'failed', reason: 'stopped', deadLetter: true, from })
    expect((await world.ports.readDeadLetters({ size: 10 })).letters).toEqual([])
    expect(await world.run(1)).toMatchObject({ state: 'training' })
  })
})
