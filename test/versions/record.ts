import { writeFile } from 'node:fs/promises'
import { excludeDrop } from '../../shared/retraining/excludeDrop.ts'
import { createWorld, dropped, service, settings, type World } from '../fakes/world.ts'

/**
 * Writes what this version of the app leaves in storage, as JSON to the file named: every kind of row and message, in the
 * middle of work. To be run, and the file kept, before what is written changes: `node test/versions/record.ts v2.json`.
 */
const file = process.argv[2]
if (file === undefined) throw new Error('Cannot record: name the file to write')

const world = await createWorld()
await world.ports.putTrainingService({
  ...service,
  name: 'small training',
  maxJobsInFlight: 1,
  maxJobsPerCustomer: 1,
})
const model = (name: string, more: object = {}) =>
  world.ports.putSettings({ ...settings, model: name, trainingService: 'small training', ...more })
const drop = (at: string, text: string) => dropped(world, `contoso/${at}.csv`, text)

await history(world)
await model('queued')
await model('queued-too')
await model('resting', { trainingService: service.name })
await model('updating', { trainingService: service.name })
await model('quiet', { trainingService: service.name, quietSeconds: 600, maxQuietSeconds: 600 })
await drop('resting/a', 'age\n1\n')
await world.play(300)
await drop('updating/a', 'age\n7\n')
await drop('quiet/a', 'age\n8\n')
await world.play(60)
await drop('queued/a', 'age\n2\n')
await drop('queued-too/a', 'age\n3\n')
await drop('census/e', 'age\n9\n')
await world.play(20)
await drop('census/f', 'age\n10\n')
await world.ports.recordDeadLetter({
  source: 'start-requests',
  id: '1',
  reason: 'none of ours',
  body: '{}',
  key: world.key,
  atMs: world.clock.now(),
})
await drop('nobody/a', 'age\n4\n')
await world.ports.writeHealth('small training', {
  value: { failures: [{ customerId: 'contoso', atMs: world.clock.now(), cause: 'jobs' }] },
})
await writeFile(file, `${JSON.stringify(contents(world), null, 1)}\n`)

/** A model with `append`: two live generations, an excluded drop, one that waits and one that came again unchanged. */
async function history({ ports, key }: World): Promise<void> {
  await ports.putSettings({ ...settings, trainingData: 'append', appendDrops: 5, approvalDays: 7 })
  await drop('census/a', 'age\n5\n')
  await world.play(300)
  await drop('census/b', 'age\n6\n')
  await drop('census/b', 'age\n6\n')
  await world.play(300)
  const { drops } = await ports.readDrops(key, { size: 10 })
  const bad = drops.find(({ name }) => name.endsWith('/b.csv'))
  await excludeDrop(ports, key, bad?.id ?? '', 'the wrong month')
  await world.reconcile()
}

function contents({ tables, queues, containers, clock }: World) {
  const rows = Object.entries(tables).map(([name, table]) => [
    name,
    table.rows().map(({ partitionKey, rowKey, cells }) => ({ partitionKey, rowKey, cells })),
  ])
  const messages = Object.entries(queues).map(([name, queue]) => [
    name,
    queue.messages().map(({ body }) => body),
  ])
  const texts = (names: readonly string[], text: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [name, text(name)]))
  return {
    atMs: clock.now(),
    tables: Object.fromEntries(rows),
    queues: Object.fromEntries(messages),
    trainingSets: texts(inputs(), containers.trainingSets.text),
    models: texts(archives(), containers.models.text),
  }
}

/** Everything in `training-sets` that a run's row or its manifest names. */
function inputs(): string[] {
  return world.tables.models.rows().flatMap(({ cells: { manifest } }) => {
    if (typeof manifest !== 'string') return []
    const named = world.containers.trainingSets
      .text(manifest)
      .match(/contoso\/[\w-]+\/(?:drops|sets)\/[^"]+/g)
    return [manifest, ...(named ?? [])]
  })
}

/** Everything in `models` that a run's row names. */
function archives(): string[] {
  return world.tables.models.rows().flatMap(({ cells: { archive } }) => {
    if (typeof archive !== 'string') return []
    const { model, evaluation } = JSON.parse(archive)
    return [model.name, evaluation.name]
  })
}
