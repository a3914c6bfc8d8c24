import { expect, test } from 'vitest'
import { headCodec } from '../../shared/adapters/rows.ts'
import { buryUnknown } from '../../shared/retraining/buryMessage.ts'
import { TerminalError } from '../../shared/retraining/errors.ts'
import { createWorld, type World } from '../fakes/world.ts'
import v1 from './v1.json' with { type: 'json' }

type Recorded = typeof v1

/** A world that goes on from what a version left behind. */
async function goOn(recorded: Recorded): Promise<World> {
  const world = await createWorld()
  world.clock.set(recorded.atMs)
  for (const [name, rows] of Object.entries(recorded.tables)) {
    const table = world.tables[name as keyof World['tables']]
    for (const row of rows) await table.put({ ...row, cells: row.cells as Record<string, string | number> })
  }
  for (const [name, bodies] of Object.entries(recorded.queues)) {
    for (const body of bodies) await world.queues[name as keyof World['queues']].send(body)
  }
  for (const [name, text] of Object.entries(recorded.trainingSets)) {
    await world.containers.trainingSets.putText(name, text)
  }
  for (const [name, text] of Object.entries(recorded.models))
    await world.containers.models.putText(name, text)
  for (const model of ['census', 'quiet']) {
    await world.containers.trainingData.putText(`contoso/${model}/e.csv`, 'age\n9\n')
  }
  return world
}

test('rows and messages of the previous version are read, and every run goes on to its end', async () => {
  const world = await goOn(v1)
  const models = v1.tables.customers.map(({ rowKey }) => ({ customerId: 'contoso', model: rowKey }))
  for (let hour = 0; hour < 3; hour++) {
    await world.play(1_200, 30)
    await world.reconcile()
  }
  const heads = await Promise.all(models.map(async (key) => (await world.ports.readHead(key))?.value))
  expect(heads.map((head) => head?.inFlight)).toEqual(models.map(() => undefined))
  expect(heads.map((head) => head?.live ?? 0).every((live) => live > 0)).toBe(true)
  expect((await world.ports.readDeadLetters({ size: 10 })).letters).toHaveLength(1)
  expect(world.queues.trainingJobs.messages()).toEqual([])
  expect(world.lines.filter((line) => /Cannot read|none of ours/.test(line))).toEqual([])
})

test('every table and queue of the previous version has something to read', () => {
  const empty = Object.entries({ ...v1.tables, ...v1.queues }).filter(([, items]) => items.length === 0)
  // Event Grid writes these, with its own version.
  expect(empty.map(([name]) => name)).toEqual(['trainingDataEvents'])
})

test('a row without a version counts as the first', () => {
  expect(headCodec.decode({ lastGeneration: 2, floor: 1 })).toEqual({ lastGeneration: 2, floor: 1 })
})

test('a row of a newer version is refused, and left as it is', async () => {
  expect(() => headCodec.decode({ v: 2, lastGeneration: 2, floor: 1 })).toThrow(
    new TerminalError(
      'Cannot read a head row: it was written by a newer version of the app (format 2, this one reads up to 1)',
    ),
  )
  const world = await createWorld()
  const row = { partitionKey: 'contoso|census', rowKey: 'head', cells: { v: 2, lastGeneration: 7, floor: 7 } }
  await world.tables.models.put(row)
  await world.reconcile()
  expect(world.tables.models.rows()).toEqual([expect.objectContaining(row)])
  expect(world.lines.join('\n')).toContain('newer version')
})

test('a message of a newer version is listed as such', async () => {
  const world = await createWorld()
  await world.queues.trainingJobs.send({ v: 2, ...world.key, generation: 1, token: 'a' })
  await world.step()
  await buryUnknown(world.ports, 'start-requests', { id: '2', body: { v: 1, shape: 'strange' } })
  const { letters } = await world.ports.readDeadLetters({ size: 10 })
  expect(letters.map(({ reason }) => reason).toSorted()).toEqual([
    'the message is none of ours',
    'the message was written by a newer version of the app',
  ])
})
