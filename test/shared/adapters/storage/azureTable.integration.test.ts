import { randomUUID } from 'node:crypto'
import { beforeAll, expect, inject, test } from 'vitest'
import { createAzureTable } from '../../../../shared/adapters/storage/azureTable.ts'
import type { RowChange, TableStore } from '../../../../shared/lib/tableStore.ts'
import { TerminalError } from '../../../../shared/retraining/errors.ts'

let table: TableStore
const uniqueKey = () => randomUUID()

beforeAll(async () => {
  table = createAzureTable(inject('storage'), `t${randomUUID().replaceAll('-', '')}`)
  await table.create()
})

test('creating a table that is there changes nothing', async () => {
  const key = uniqueKey()
  await table.insert({ partitionKey: key, rowKey: 'a', cells: { n: 1 } })
  await table.create()
  expect((await table.get(key, 'a'))?.cells).toEqual({ n: 1 })
})

test('a row keeps its texts, numbers, large numbers and booleans; absent cells stay absent', async () => {
  const cells = {
    text: 'Grüße — "x"',
    empty: '',
    whole: -7,
    large: 1_760_000_000_000,
    fraction: 0.25,
    wholeFraction: 3,
    yes: true,
    absent: undefined,
  }
  const key = uniqueKey()
  expect(await table.insert({ partitionKey: key, rowKey: 'head', cells })).toBe('inserted')
  const { absent: _absent, ...kept } = cells
  expect(await table.get(key, 'head')).toMatchObject({ partitionKey: key, rowKey: 'head', cells: kept })
})

test('an unknown row is undefined', async () => {
  expect(await table.get(uniqueKey(), 'none')).toBeUndefined()
})

test('a second insert of the same key leaves the first row', async () => {
  const row = { partitionKey: uniqueKey(), rowKey: 'a', cells: { n: 1 } }
  await table.insert(row)
  expect(await table.insert({ ...row, cells: { n: 2 } })).toBe('exists')
  expect((await table.get(row.partitionKey, 'a'))?.cells).toEqual({ n: 1 })
})

test('replace swaps the whole row with the ETag that was read, and no other', async () => {
  const row = { partitionKey: uniqueKey(), rowKey: 'a', cells: { n: 1, gone: 'x' } }
  await table.insert(row)
  const etag = (await table.get(row.partitionKey, 'a'))?.etag ?? ''
  expect(await table.replace({ ...row, cells: { n: 2 } }, etag)).toBe('replaced')
  expect(await table.replace({ ...row, cells: { n: 3 } }, etag)).toBe('changed')
  expect((await table.get(row.partitionKey, 'a'))?.cells).toEqual({ n: 2 })
})

test('replacing or removing a row that is gone is a change by somebody else', async () => {
  const row = { partitionKey: uniqueKey(), rowKey: 'a', cells: {} }
  await table.insert(row)
  const etag = (await table.get(row.partitionKey, 'a'))?.etag ?? ''
  expect(await table.remove(row.partitionKey, 'a', etag)).toBe('removed')
  expect(await table.remove(row.partitionKey, 'a', etag)).toBe('changed')
  expect(await table.replace(row, etag)).toBe('changed')
})

test('remove with an old ETag leaves the row', async () => {
  const row = { partitionKey: uniqueKey(), rowKey: 'a', cells: { n: 1 } }
  await table.insert(row)
  const etag = (await table.get(row.partitionKey, 'a'))?.etag ?? ''
  await table.put({ ...row, cells: { n: 2 } })
  expect(await table.remove(row.partitionKey, 'a', etag)).toBe('changed')
  expect((await table.get(row.partitionKey, 'a'))?.cells).toEqual({ n: 2 })
})

test('put writes a new row and replaces one that is there', async () => {
  const row = { partitionKey: uniqueKey(), rowKey: 'a', cells: { n: 1, gone: 'x' } }
  await table.put(row)
  await table.put({ ...row, cells: { n: 2 } })
  expect((await table.get(row.partitionKey, 'a'))?.cells).toEqual({ n: 2 })
})

test('a transaction inserts, replaces and removes together', async () => {
  const partitionKey = `acme|churn|${uniqueKey()}`
  await table.insert({ partitionKey, rowKey: "o'clock", cells: { n: 1 } })
  await table.insert({ partitionKey, rowKey: 'head', cells: { n: 1 } })
  const etags = await etagsOf(partitionKey)
  const changes: RowChange[] = [
    { kind: 'insert', rowKey: 'run|1', cells: { n: 1 } },
    { kind: 'replace', rowKey: 'head', cells: { n: 2 }, etag: etags.get('head') ?? '' },
    { kind: 'remove', rowKey: "o'clock", etag: etags.get("o'clock") ?? '' },
  ]
  expect(await table.transact(partitionKey, changes)).toBe('committed')
  const { rows } = await table.list(partitionKey, {}, { size: 10 })
  expect(rows.map(({ rowKey, cells }) => [rowKey, cells])).toEqual([
    ['head', { n: 2 }],
    ['run|1', { n: 1 }],
  ])
})

type Conflict = [when: string, change: (oldEtag: string) => RowChange]
const conflicts: Conflict[] = [
  ['an insert exists', () => ({ kind: 'insert', rowKey: 'b', cells: {} })],
  ['a replaced row was changed', (etag) => ({ kind: 'replace', rowKey: 'b', cells: {}, etag })],
  ['a removed row was changed', (etag) => ({ kind: 'remove', rowKey: 'b', etag })],
  ['a replaced row is gone', (etag) => ({ kind: 'replace', rowKey: 'gone', cells: {}, etag })],
  ['a removed row is gone', (etag) => ({ kind: 'remove', rowKey: 'gone', etag })],
]
test.each(conflicts)('a transaction changes nothing when %s', async (_when, change) => {
  const partitionKey = uniqueKey()
  await table.insert({ partitionKey, rowKey: 'b', cells: { n: 1 } })
  const old = (await etagsOf(partitionKey)).get('b') ?? ''
  await table.put({ partitionKey, rowKey: 'b', cells: { n: 2 } })
  const outcome = await table.transact(partitionKey, [
    { kind: 'insert', rowKey: 'a', cells: {} },
    change(old),
  ])
  expect(outcome).toBe('conflict')
  const { rows } = await table.list(partitionKey, {}, { size: 10 })
  expect(rows.map(({ rowKey, cells }) => [rowKey, cells])).toEqual([['b', { n: 2 }]])
})

test('replacing with any ETag needs the row to be there, and nothing else', async () => {
  const partitionKey = uniqueKey()
  const change: RowChange = { kind: 'replace', rowKey: 'a', cells: { n: 2 }, etag: '*' }
  expect(await table.transact(partitionKey, [change])).toBe('conflict')
  await table.insert({ partitionKey, rowKey: 'a', cells: { n: 1 } })
  expect(await table.transact(partitionKey, [change])).toBe('committed')
  expect((await table.get(partitionKey, 'a'))?.cells).toEqual({ n: 2 })
})

test('a hundred changes are one transaction; one more is refused', async () => {
  const partitionKey = uniqueKey()
  const inserts = Array.from({ length: 101 }, (_, index): RowChange => {
    return { kind: 'insert', rowKey: String(index).padStart(3, '0'), cells: {} }
  })
  await expect(table.transact(partitionKey, inserts)).rejects.toThrow(TerminalError)
  expect(await table.transact(partitionKey, inserts.slice(1))).toBe('committed')
  expect(await table.transact(partitionKey, [])).toBe('committed')
})

test('list goes through one partition by ranges and pages, in key order', async () => {
  const partitionKey = `acme|o'brien|${uniqueKey()}`
  for (const rowKey of ['run|3', 'drop|1', 'run|1', 'run|2', 'run}'])
    await table.insert({ partitionKey, rowKey, cells: {} })
  const range = { from: 'run|', before: 'run}' }
  const first = await table.list(partitionKey, range, { size: 2 })
  expect(first.rows.map(({ rowKey }) => rowKey)).toEqual(['run|1', 'run|2'])
  const second = await table.list(partitionKey, range, { size: 2, next: first.next ?? '' })
  expect(second.rows.map(({ rowKey }) => rowKey)).toEqual(['run|3'])
  expect(second.next).toBeUndefined()
})

test('an ETag from a listing is good for a swap', async () => {
  const partitionKey = uniqueKey()
  await table.insert({ partitionKey, rowKey: 'a', cells: { n: 1 } })
  const etag = (await etagsOf(partitionKey)).get('a') ?? ''
  expect(await table.replace({ partitionKey, rowKey: 'a', cells: { n: 2 } }, etag)).toBe('replaced')
})

test('scan goes through the whole table by pages', async () => {
  const customers = createAzureTable(inject('storage'), `s${randomUUID().replaceAll('-', '')}`)
  await customers.create()
  for (const partitionKey of ['b', 'a', 'c'])
    await customers.insert({ partitionKey, rowKey: 'churn', cells: {} })
  const first = await customers.scan({ size: 2 })
  const second = await customers.scan({ size: 2, next: first.next ?? '' })
  expect([...first.rows, ...second.rows].map((row) => row.partitionKey)).toEqual(['a', 'b', 'c'])
})

async function etagsOf(partitionKey: string): Promise<Map<string, string>> {
  const { rows } = await table.list(partitionKey, {}, { size: 100 })
  return new Map(rows.map(({ rowKey, etag }) => [rowKey, etag]))
}
