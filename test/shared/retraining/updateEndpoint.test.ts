import { describe, expect, test } from 'vitest'
import { RetryableError, TerminalError } from '../../../shared/retraining/errors.ts'
import { updateEndpoint } from '../../../shared/retraining/updateEndpoint.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

describe('the endpoint', () => {
  test('two workers with the same message send one PATCH', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('updateEndpoint', 'before', async () => {
      const message = { id: 'm', body: { v: 1, kind: 'update', ...world.key, generation: 1 } }
      await updateEndpoint(world.ports, message)
    })
    await world.play(600)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    expect(world.services.patches).toHaveLength(1)
  })

  test('a generation below the floor never updates', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    const head = await world.ports.readHead(world.key)
    if (head === undefined) throw new Error('no head')
    const later = { ...head.value, floor: 2, lastGeneration: 2 }
    expect(await world.ports.commit(world.key, { head: { value: later, etag: head.etag } })).toBe('committed')
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'superseded' })
    expect(world.services.patches).toEqual([])
  })

  test('a model whose SAS the service could not read is sent once more with a fresh one', async () => {
    const world = await createWorld()
    world.services.fault('updateEndpoint', 'before', () => {
      throw new TerminalError('Cannot update the endpoint: 400 BadArgument BlobNotFound')
    })
    await dropped(world)
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
  })

  test('a refused PATCH fails the run once the endpoint was described without the model', async () => {
    const world = await createWorld()
    world.services.fault('updateEndpoint', 'before', () => {
      throw new TerminalError('Cannot update the endpoint: 400 InvalidOperation')
    })
    await dropped(world)
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect((await world.head())?.claim).toBeUndefined()
    expect((await world.head())?.live).toBeUndefined()
  })

  test('a PATCH that was answered 400 but took effect is checked and live', async () => {
    const world = await createWorld()
    world.services.fault('updateEndpoint', 'after', () => {
      throw new TerminalError('Cannot update the endpoint: 400 InvalidOperation')
    })
    await dropped(world)
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
  })

  test('a PATCH answered 200 without effect is sent once more, then the run has failed', async () => {
    const world = await createWorld()
    world.services.endpoint.deaf = true
    await dropped(world)
    await world.play(2_000)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect((await world.run(1))?.reason).toContain('it names another model')
    expect(world.services.patches).toHaveLength(2)
    expect((await world.head())?.live).toBeUndefined()
  })

  test('an endpoint that names the new model but answers as before is not live', async () => {
    const world = await createWorld()
    world.services.endpoint.stuck = true
    await dropped(world)
    await world.play(2_000)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect((await world.run(1))?.reason).toContain('it scores the probe row as before')
    expect(world.services.patches).toHaveLength(2)
  })

  test('without a probe row the evidence is the location only', async () => {
    const world = await createWorld({ probeRow: undefined })
    await dropped(world)
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live', evidence: 'location only' })
  })

  test('after a PATCH whose answer was lost, the new model is not taken for the one before', async () => {
    const world = await createWorld()
    const cut = () => {
      throw new RetryableError('Cannot reach the service: ECONNRESET')
    }
    world.services.fault('score', 'before', cut)
    world.services.fault('updateEndpoint', 'after', cut)
    await dropped(world)
    await world.play(2_000)
    expect(await world.run(1)).toMatchObject({ state: 'live', evidence: 'location only' })
    expect((await world.head())?.live).toBe(1)
  })

  test('when a claim ran out during the PATCH, the highest allowed generation is put back', async () => {
    const world = await createWorld()
    await dropped(world)
    world.services.fault('updateEndpoint', 'after', async () => {
      world.clock.advance(121)
      await updateEndpoint(world.ports, {
        id: 'm',
        body: { v: 1, kind: 'update', ...world.key, generation: 1 },
      })
    })
    await world.play(600)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    expect(world.lines).toContain('overtaken during the update: 1 goes back')
  })

  test.each([
    ['mend', 'mend', '/0000000001/', 2],
    ['report', 'report', 'elsewhere', 1],
  ] as const)('an endpoint that other hands changed: %s', async (_when, driftPolicy, answering, patches) => {
    const world = await createWorld({ driftPolicy })
    await dropped(world)
    await world.play(300)
    const { endpoint } = world.services
    if (endpoint.description === 'gone') throw new Error('gone')
    Object.assign(endpoint.description.resources[0] ?? {}, { relativeLocation: 'elsewhere' })
    endpoint.answering = 'elsewhere'
    await world.reconcile()
    await world.play(300)
    expect(world.services.endpoint.answering).toContain(answering)
    expect(world.services.patches).toHaveLength(patches)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    expect(JSON.stringify((await world.run(1))?.timeline)).toContain('found with another model')
  })
})
