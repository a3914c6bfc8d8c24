import { expect, test } from 'vitest'
import { createDropTable } from '../../../shared/adapters/dropTable.ts'
import { dropId } from '../../../shared/adapters/keys.ts'
import { createRunTable } from '../../../shared/adapters/runTable.ts'
import type { Drop } from '../../../shared/retraining/drop.ts'
import type { ManifestDrop } from '../../../shared/retraining/generation.ts'
import { emptyHead } from '../../../shared/retraining/head.ts'
import type { Run } from '../../../shared/retraining/run.ts'
import { addEntry } from '../../../shared/retraining/timeline.ts'
import { createMemoryTable } from '../../fakes/memoryTable.ts'

const key = { customerId: 'contoso', model: 'census' }
const run = (generation: number): Run => ({
  ...key,
  generation,
  state: 'queued',
  attempt: 1,
  platformFailures: 0,
  manifest: 'm',
  trainingService: 's',
  openedAtMs: 1_000,
  updatedAtMs: 1_000,
  timeline: [],
})
const drop = (name: string, etag: string, acceptedAtMs: number): Drop => ({
  id: dropId(name, etag),
  name,
  etag,
  sizeBytes: 1,
  lastModifiedAtMs: acceptedAtMs,
  acceptedAtMs,
  state: 'pending',
})
const marked = (from: Drop): ManifestDrop => ({ ...from, use: 'spare', copy: 'c' })

test('head and run are committed together or not at all', async () => {
  const table = createRunTable(createMemoryTable())
  const first = { head: { value: emptyHead }, runs: [{ value: run(1) }] }
  expect(await table.commit(key, first)).toBe('committed')
  const stale = { head: { value: emptyHead, etag: 'old' }, runs: [{ value: run(2) }] }
  expect(await table.commit(key, stale)).toBe('conflict')
  expect(await table.readRun({ ...key, generation: 2 })).toBeUndefined()
})

test('runs are listed newest first, however many there are', async () => {
  const table = createRunTable(createMemoryTable())
  for (const generation of [1, 2, 9, 10, 11]) await table.commit(key, { runs: [{ value: run(generation) }] })
  expect((await table.readRuns(key, 3)).map(({ generation }) => generation)).toEqual([11, 10, 9])
})

test('a run is never written into the partition of another customer', async () => {
  const table = createRunTable(createMemoryTable())
  const other = { ...run(1), customerId: 'fabrikam' }
  await expect(table.commit(key, { runs: [{ value: other }] })).rejects.toThrow('another customer or model')
})

test('a timeline of the longest texts still fits its row', async () => {
  const table = createRunTable(createMemoryTable())
  let timeline: Run['timeline'] = []
  for (let at = 0; at < 60; at++) timeline = addEntry(timeline, at, `${at} ${'"\\'.repeat(400)}`)
  await table.commit(key, { runs: [{ value: { ...run(1), timeline } }] })
  const read = await table.readRun({ ...key, generation: 1 })
  expect(read?.value.timeline.at(-1)?.text).toMatch(/^59 /)
})

test('waiting drops come oldest first, and marking takes them off the list once', async () => {
  const table = createDropTable(createMemoryTable())
  const drops = [drop('contoso/census/b.csv', '1', 2_000), drop('contoso/census/a.csv', '1', 3_000)]
  for (const one of [...drops].reverse()) expect(await table.insertDrop(key, one)).toBe('inserted')
  expect(await table.insertDrop(key, drop('contoso/census/b.csv', '1', 9_000))).toBe('exists')
  expect((await table.readPending(key)).map(({ name }) => name)).toEqual([
    'contoso/census/b.csv',
    'contoso/census/a.csv',
  ])
  await table.markTaken({ ...key, generation: 4 }, drops.map(marked))
  await table.markTaken({ ...key, generation: 4 }, drops.map(marked))
  expect(await table.hasPending(key)).toBe(false)
  const { versions } = await table.readVersions(key, 'contoso/census/a.csv')
  const [version] = versions
  expect(version).toMatchObject({ state: 'taken', generation: 4, use: 'spare' })
})

test('a hundred and more drops are marked, in transactions of at most 100 changes', async () => {
  const table = createDropTable(createMemoryTable())
  const drops = Array.from({ length: 130 }, (_, index) => drop(`contoso/census/${index}.csv`, '1', index))
  for (const one of drops) await table.insertDrop(key, one)
  await table.markTaken({ ...key, generation: 1 }, drops.map(marked))
  expect(await table.hasPending(key)).toBe(false)
})

test('the versions of one name are told from those of another', async () => {
  const table = createDropTable(createMemoryTable())
  await table.insertDrop(key, drop('contoso/census/a.csv', '1', 1))
  await table.insertDrop(key, drop('contoso/census/a.csv', '2', 2))
  await table.insertDrop(key, drop('contoso/census/b.csv', '1', 3))
  const { versions } = await table.readVersions(key, 'contoso/census/a.csv')
  expect(versions.map(({ etag }) => etag).sort()).toEqual(['1', '2'])
})
