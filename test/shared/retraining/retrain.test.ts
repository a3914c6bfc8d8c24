import { describe, expect, test } from 'vitest'
import { retrain } from '../../../shared/retraining/retrain.ts'
import { createWorld, dropped, starts } from '../../fakes/world.ts'

const order = { by: 'ann', reason: 'a changed experiment' }

describe('retrain', () => {
  test('opens what waits without its quiet period', async () => {
    const world = await createWorld({ quietSeconds: 3_600, maxQuietSeconds: 7_200 })
    await dropped(world)
    await world.play(60)
    expect((await world.head())?.lastGeneration).toBe(0)
    expect(await retrain(world.ports, world.key, order)).toMatchObject({ kind: 'requested', generation: 1 })
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 1 })
    expect((await world.head())?.retrain).toBeUndefined()
    expect((await world.run(1))?.timeline[0]?.text).toContain('asked for by ann: a changed experiment')
  })

  test('while a run is in flight: right after it', async () => {
    const world = await createWorld({ quietSeconds: 0 })
    await dropped(world)
    await world.play(20)
    await world.ports.putSettings({
      ...((await world.ports.readSettings(world.key)) ?? (undefined as never)),
      quietSeconds: 3_600,
      maxQuietSeconds: 7_200,
    })
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    expect(await retrain(world.ports, world.key, order)).toMatchObject({ generation: 2, after: 1 })
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 2 })
  })

  test.each(['latest', 'append'] as const)(
    'again, %s: a generation of earlier drops only',
    async (trainingData) => {
      const world = await createWorld({ trainingData })
      await dropped(world)
      await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
      await world.play(300)
      expect(await retrain(world.ports, world.key, order)).toMatchObject({ kind: 'refused' })
      await retrain(world.ports, world.key, { ...order, again: true })
      await world.play(300)
      const run = await world.run(2)
      const manifest = await world.ports.readManifest(world.key, run?.manifest ?? '')
      expect(manifest.drops).toEqual([])
      expect(manifest.earlier).toHaveLength(trainingData === 'append' ? 2 : 1)
      expect(await world.head()).toMatchObject({ live: 2, lastGeneration: 2 })
      const inputs = [...world.services.jobs.values()].map(({ input }) => input.relativeLocation)
      expect(new Set(inputs).size).toBe(2)
      expect(world.containers.trainingSets.text(manifest.input?.name ?? '')).toContain('39')
      expect(Math.max(...starts(world))).toBe(1)
    },
  )

  test('again before anything was trained on is refused', async () => {
    const world = await createWorld()
    const refused = { kind: 'refused', reason: 'nothing was trained on before' }
    expect(await retrain(world.ports, world.key, { ...order, again: true })).toEqual(refused)
  })

  test('a lost message is made good by reconcile', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(300)
    await retrain(world.ports, world.key, { ...order, again: true })
    for (const message of await world.queues.startRequests.receive(8, 60)) {
      await world.queues.startRequests.remove(message)
    }
    world.clock.advance(120)
    await world.reconcile()
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 2 })
  })
})
