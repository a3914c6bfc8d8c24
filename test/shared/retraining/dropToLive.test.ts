import { describe, expect, test } from 'vitest'
import { createWorld } from '../../fakes/world.ts'

const march = 'contoso/census/march.csv'

describe('a drop retrains the endpoint', () => {
  test('a drop becomes the live model, with metrics, warrant and evidence', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age,label\n39,yes\n')
    expect(await world.drop(march)).toBe('accepted')
    await world.play(300)
    const run = await world.run(1)
    expect(run).toMatchObject({
      state: 'live',
      attempt: 1,
      warrant: 'firstModel',
      metrics: { Accuracy: 0.81, AUC: 0.9 },
      evidence: 'location and probe row',
    })
    expect(await world.head()).toMatchObject({ lastGeneration: 1, live: 1, floor: 1 })
    expect((await world.head())?.inFlight).toBeUndefined()
    expect(world.services.patches).toHaveLength(1)
    expect(world.services.endpoint.answering).toBe('models/contoso/census/0000000001/1/model.ilearner')
    expect([...world.services.jobs.values()].map((job) => job.starts)).toEqual([1])
  })

  test('the job reads the immutable copy, never training-data', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    await world.drop(march)
    await world.step()
    const [job] = world.services.jobs.values()
    expect(job?.input.relativeLocation).toMatch(/^training-sets\/contoso\/census\/drops\/[0-9a-f-]+\.csv$/)
  })

  test('nothing is left in any queue once the model is live', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    await world.drop(march)
    await world.play(300)
    for (const queue of Object.values(world.queues)) expect(queue.messages()).toEqual([])
  })

  test('no SAS is written to any row, message or log line', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    await world.drop(march)
    await world.play(300)
    const rows = Object.values(world.tables).flatMap((table) => table.rows())
    expect(rows.length).toBeGreaterThan(4)
    expect(JSON.stringify([rows, world.lines])).not.toContain('sig=')
  })

  test('the second model is live by the passed gate, and the first says it was replaced', async () => {
    const world = await createWorld()
    await world.containers.trainingData.putText(march, 'age\n39\n')
    await world.drop(march)
    await world.play(300)
    await world.containers.trainingData.putText('contoso/census/april.csv', 'age\n40\n')
    await world.drop('contoso/census/april.csv')
    await world.play(300)
    expect(await world.run(2)).toMatchObject({ state: 'live', warrant: 'gatePassed' })
    expect(await world.run(1)).toMatchObject({ state: 'superseded', reason: 'generation 2 is live' })
    expect((await world.ports.readRuns(world.key, 5)).map((run) => run.generation)).toEqual([2, 1])
  })
})
