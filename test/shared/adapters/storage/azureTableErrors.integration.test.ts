import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { beforeAll, expect, inject, test } from 'vitest'
import { createAzureTable } from '../../../../shared/adapters/storage/azureTable.ts'
import type { TableStore } from '../../../../shared/lib/tableStore.ts'
import { RetryableError, TerminalError } from '../../../../shared/retraining/errors.ts'

let table: TableStore
const uniqueKey = () => randomUUID()

beforeAll(async () => {
  table = createAzureTable(inject('storage'), `t${randomUUID().replaceAll('-', '')}`)
  await table.create()
})

const wrongKeys: [when: string, rowKey: string][] = [
  ['a slash', 'a/b'],
  ['a backslash', 'a\\b'],
  ['a hash', 'a#b'],
  ['a question mark', 'a?b'],
  ['a line feed', 'a\nb'],
]
test.each(wrongKeys)('a key with %s is refused', async (_when, rowKey) => {
  const write = async () => table.insert({ partitionKey: 'p', rowKey, cells: {} })
  await expect(write()).rejects.toThrow(TerminalError)
})

test('a text that is too long is refused, and said so', async () => {
  const row = { partitionKey: uniqueKey(), rowKey: 'a', cells: { text: 'x'.repeat(40_000) } }
  await expect(table.insert(row)).rejects.toThrow(/^Cannot insert row a into table t\w+: 400 /)
})

test('a missing table is neither a missing row nor a conflict', async () => {
  const missing = createAzureTable(inject('storage'), `m${randomUUID().replaceAll('-', '')}`)
  await expect(missing.get('p', 'r')).rejects.toThrow(/TableNotFound/)
  await expect(missing.insert({ partitionKey: 'p', rowKey: 'r', cells: {} })).rejects.toThrow(/TableNotFound/)
})

test('a service that cannot be reached may be tried again, and no key is in the error', async () => {
  const nowhere = inject('storage').replace(/TableEndpoint=[^;]*/, 'TableEndpoint=http://127.0.0.1:9/acct')
  const error = await createAzureTable(nowhere, 'models')
    .get('p', 'r')
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RetryableError)
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/AccountKey|SharedKey|Eby8vd/)
})

test('a connection string that is none is refused without being repeated', () => {
  expect(() => createAzureTable('AccountKey=geheim', 'models')).toThrow(
    /^Cannot use table models: the connection string of its account is none$/,
  )
})
