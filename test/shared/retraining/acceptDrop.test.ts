import { describe, expect, test } from 'vitest'
import { acceptDrop } from '../../../shared/retraining/acceptDrop.ts'
import { createWorld, dropped, march, starts } from '../../fakes/world.ts'

describe('drops', () => {
  test('the same event twice, or two at once, makes one drop and one generation', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    const acceptances = await Promise.all([world.drop(march), world.drop(march), world.drop(march)])
    expect(acceptances.filter((acceptance) => acceptance === 'accepted')).toHaveLength(1)
    await world.play(300)
    expect(await world.drop(march)).toBe('known')
    await world.play(120)
    expect(await world.head()).toMatchObject({ lastGeneration: 1 })
    expect(starts(world)).toEqual([1])
  })

  test('a worker that dies before it asked for the start, or right after the head says so, is made up for by its event', async () => {
    for (const name of ['commit', 'sendStart'] as const) {
      const world = await createWorld({ quietSeconds: 20, maxQuietSeconds: 60 })
      await world.containers.trainingData.putText(march, 'age\n39\n')
      const whole = world.ports[name]
      Object.assign(world.ports, { [name]: () => Promise.reject(new Error('the worker died')) })
      await expect(world.drop(march)).rejects.toThrow('the worker died')
      Object.assign(world.ports, { [name]: whole })
      expect(await world.drop(march)).toBe('known')
      await world.play(60)
      expect(starts(world), name).toEqual([1])
    }
  })

  test('a known drop is not logged again, however often the sweep comes by', async () => {
    const world = await createWorld()
    await dropped(world)
    for (let sweeps = 0; sweeps < 3; sweeps += 1) expect(await world.drop(march)).toBe('known')
    expect(world.lines.filter((line) => line.startsWith('drop '))).toEqual(['drop accepted'])
  })

  test('a drop while a run is in flight waits for the next generation', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.step()
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    await dropped(world, 'contoso/census/may.csv', 'age\n41\n')
    expect(await world.head()).toMatchObject({ inFlight: 1 })
    await world.play(600)
    expect(await world.head()).toMatchObject({ lastGeneration: 2, live: 2 })
    const { drops } = await world.ports.readDrops(world.key, { size: 10 })
    expect(drops.map(({ name, generation, use }) => [name.split('/')[2], generation, use]).sort()).toEqual([
      ['april.csv', 2, 'spare'],
      ['march.csv', 1, 'trained'],
      ['may.csv', 2, 'trained'],
    ])
  })

  test('a drop overwritten before it was copied stands so in the manifest, and its successor is trained on', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.containers.trainingData.putText(march, 'age\n40\n')
    await world.play(120)
    expect(await world.run(1)).toMatchObject({ state: 'superseded' })
    await world.drop(march)
    await world.play(300)
    expect(await world.run(2)).toMatchObject({ state: 'live' })
    const { drops } = await world.ports.readDrops(world.key, { size: 10 })
    expect(drops.map(({ generation, use }) => [generation, use]).sort()).toEqual([
      [1, 'overwritten'],
      [2, 'trained'],
    ])
  })

  test('the same content under a new ETag is unchanged and starts nothing', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(300)
    await world.containers.trainingData.putText(march, 'age\n39\n')
    expect(await world.drop(march)).toBe('unchanged')
    await world.play(120)
    expect(await world.head()).toMatchObject({ lastGeneration: 1 })
  })

  test('a zero-length write is ignored, and so is a blob that is gone', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, '')
    expect(await world.drop(march)).toBe('empty')
    expect(await world.drop('contoso/census/none.csv')).toBe('gone')
    expect(world.tables.models.rows()).toEqual([])
  })

  test('a drop that is too large fails its run by name, is not copied and costs no job', async () => {
    const world = await createWorld()
    await dropped(world, march, 'x'.repeat(1_000_001))
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect((await world.run(1))?.reason).toBe(
      `${march} was refused: it has 1000001 bytes, at most 1000000 are taken`,
    )
    const copies = await world.containers.trainingSets.list('contoso/census/drops/', { size: 10 })
    expect(copies.blobs).toEqual([])
    expect(world.services.jobs.size).toBe(0)
  })

  test('the quiet period takes a burst in as one generation', async () => {
    const world = await createWorld({ quietSeconds: 60, maxQuietSeconds: 300 })
    for (let count = 0; count < 10; count++) {
      await dropped(world, `contoso/census/${count}.csv`, `age\n${count}\n`)
      await world.play(20)
    }
    expect(await world.head()).toMatchObject({ lastGeneration: 0 })
    await world.play(600)
    expect(await world.head()).toMatchObject({ lastGeneration: 1, live: 1 })
    expect(world.services.jobs.size).toBe(1)
  })

  test('an older drop that comes late does not start a job', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText('contoso/census/old.csv', 'age\n1\n')
    world.clock.advance(100)
    await dropped(world)
    await world.play(300)
    await world.drop('contoso/census/old.csv')
    await world.play(120)
    expect(await world.run(2)).toMatchObject({ state: 'superseded' })
    expect((await world.run(2))?.reason).toContain('an earlier generation trained on a newer drop')
    expect(world.services.jobs.size).toBe(1)
  })
})

describe('unclaimed drops', () => {
  test('an unknown customer and a path that does not fit are recorded, not retried', async () => {
    const world = await createWorld()
    await dropped(world, 'fabrikam/census/a.csv')
    await dropped(world, 'readme.txt')
    const { drops } = await world.ports.readUnclaimed({ size: 10 })
    expect(drops.map(({ name, reason }) => [name, reason]).sort()).toEqual([
      ['fabrikam/census/a.csv', 'no model census of a customer fabrikam is known'],
      ['readme.txt', 'the path is not {customerId}/{model}/{name}.csv'],
    ])
    await world.play(60)
    expect(world.queues.startRequests.messages()).toEqual([])
  })

  test('they are taken up when their customer is added', async () => {
    const world = await createWorld()
    await dropped(world, 'fabrikam/census/a.csv')
    const known = await world.ports.readSettings(world.key)
    if (known === undefined) throw new Error('no settings')
    await world.ports.putSettings({ ...known, customerId: 'fabrikam' })
    await world.reconcile()
    await world.play(300)
    const key = { customerId: 'fabrikam', model: 'census', generation: 1 }
    expect((await world.ports.readRun(key))?.value).toMatchObject({ state: 'live' })
    expect((await world.ports.readUnclaimed({ size: 10 })).drops).toEqual([])
  })
})

test('one customer whose settings are damaged does not stop another', async () => {
  const world = await createWorld()
  await world.tables.customers.put({ partitionKey: 'adatum', rowKey: 'census', cells: { v: 1 } })
  await world.containers.trainingData.putText('adatum/census/a.csv', 'age\n1\n')
  await dropped(world)
  await expect(acceptDrop(world.ports, 'adatum/census/a.csv')).rejects.toThrow('Cannot read a customers row')
  await world.reconcile()
  await world.play(300)
  expect(await world.run(1)).toMatchObject({ state: 'live' })
})
