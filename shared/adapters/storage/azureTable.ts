import {
  type TableClient as Client,
  odata,
  TableClient,
  type TableEntityResult,
  TableTransaction,
} from '@azure/data-tables'
import type { RowChange, RowPage, RowRange, StoredRow, TableStore } from '../../lib/tableStore.ts'
import { TerminalError } from '../../retraining/errors.ts'
import { type CellValue, decodeCells, encodeCells } from './cells.ts'
import { conditionalDelete, withDeleteETags } from './conditionalDelete.ts'
import { type StorageConnection, wrongPartOf } from './connection.ts'
import { callDeadline, retryOptions, storageCall } from './storageError.ts'

type Entity = TableEntityResult<Record<string, CellValue>>
type Page = { size: number; next?: string }

const mostChanges = 100

/**
 * A table of an Azure Storage account (or Azurite). Errors as in {@link TableStore}.
 * Source: learn.microsoft.com/rest/api/storageservices/table-service-rest-api.
 */
export function createAzureTable(connection: StorageConnection, tableName: string): TableStore {
  const client = connect(connection, tableName)
  return {
    create: () => storageCall(`create table ${tableName}`, () => client.createTable(options())),
    get: (partitionKey, rowKey) => getRow(client, partitionKey, rowKey),
    insert: (row) =>
      storageCall<'inserted' | 'exists'>(
        `insert row ${row.rowKey} into table ${tableName}`,
        async () => {
          await client.createEntity(entityOf(row.partitionKey, row), options())
          return 'inserted'
        },
        ({ code }) => (code === 'EntityAlreadyExists' ? 'exists' : undefined),
      ),
    put: (row) =>
      storageCall(`write row ${row.rowKey} of table ${tableName}`, async () => {
        await client.upsertEntity(entityOf(row.partitionKey, row), 'Replace', options())
      }),
    replace: (row, etag) => replaceRow(client, row, etag),
    remove: (partitionKey, rowKey, etag) => removeRow(client, { partitionKey, rowKey }, etag),
    transact: (partitionKey, changes) => transact(client, partitionKey, changes),
    list: (partitionKey, range, page) => readPage(client, rangeFilter(partitionKey, range), page),
    scan: (page) => readPage(client, undefined, page),
  }
}

function connect(connection: StorageConnection, tableName: string): Client {
  try {
    const client = clientOf(connection, tableName)
    client.pipeline.addPolicy(conditionalDelete)
    return client
  } catch {
    throw new TerminalError(`Cannot use table ${tableName}: ${wrongPartOf(connection)}`)
  }
}

function clientOf(connection: StorageConnection, tableName: string): Client {
  const { maxTries, retryDelayInMs, maxRetryDelayInMs } = retryOptions
  const retries = { retryOptions: { maxRetries: maxTries - 1, retryDelayInMs, maxRetryDelayInMs } }
  if (typeof connection !== 'string') {
    return new TableClient(connection.tableServiceUri, tableName, connection.credential, retries)
  }
  const allowInsecureConnection = /=http(:\/\/|;|$)/i.test(connection)
  return TableClient.fromConnectionString(connection, tableName, { ...retries, allowInsecureConnection })
}

function options() {
  return { abortSignal: callDeadline() }
}

function getRow(client: Client, partitionKey: string, rowKey: string): Promise<StoredRow | undefined> {
  return storageCall<{ row?: StoredRow }>(
    `read row ${rowKey} of table ${client.tableName}`,
    async () => {
      const entity = await client.getEntity<Record<string, CellValue>>(partitionKey, rowKey, options())
      return { row: rowOf(entity) }
    },
    ({ code }) => (code === 'ResourceNotFound' || code === 'EntityNotFound' ? {} : undefined),
  ).then(({ row }) => row)
}

function replaceRow(
  client: Client,
  row: { partitionKey: string; rowKey: string; cells: StoredRow['cells'] },
  etag: string,
): Promise<'replaced' | 'changed'> {
  return storageCall<'replaced' | 'changed'>(
    `replace row ${row.rowKey} of table ${client.tableName}`,
    async () => {
      await client.updateEntity(entityOf(row.partitionKey, row), 'Replace', { etag, ...options() })
      return 'replaced'
    },
    ({ code }) => (isChanged(code) ? 'changed' : undefined),
  )
}

function removeRow(
  client: Client,
  { partitionKey, rowKey }: { partitionKey: string; rowKey: string },
  etag: string,
): Promise<'removed' | 'changed'> {
  return storageCall<'removed' | 'changed'>(
    `remove row ${rowKey} of table ${client.tableName}`,
    async () => {
      await client.deleteEntity(partitionKey, rowKey, { etag, ...options() })
      return 'removed'
    },
    ({ code }) => (isChanged(code) ? 'changed' : undefined),
  )
}

/** The row has another ETag, or is gone. (A missing table has a code of its own: `TableNotFound`.) */
function isChanged(code: string): boolean {
  return /^(UpdateConditionNotSatisfied|ConditionNotMet|ResourceNotFound|EntityNotFound)$/.test(code)
}

async function transact(
  client: Client,
  partitionKey: string,
  changes: readonly RowChange[],
): Promise<'committed' | 'conflict'> {
  if (changes.length === 0) return 'committed'
  if (changes.length > mostChanges) {
    throw new TerminalError(`Cannot change ${changes.length} rows at once: ${mostChanges} is the most`)
  }
  const transaction = new TableTransaction()
  for (const change of changes) addChange(transaction, partitionKey, change)
  const deletes = new Map(
    changes.flatMap((each) => (each.kind === 'remove' ? [[each.rowKey, each.etag]] : [])),
  )
  return storageCall<'committed' | 'conflict'>(
    `change ${changes.length} rows of table ${client.tableName}`,
    async () => {
      await withDeleteETags(deletes, () => client.submitTransaction(transaction.actions, options()))
      return 'committed'
    },
    ({ code }) => (code === 'EntityAlreadyExists' || isChanged(code) ? 'conflict' : undefined),
  )
}

function addChange(transaction: TableTransaction, partitionKey: string, change: RowChange) {
  switch (change.kind) {
    case 'insert':
      return transaction.createEntity(entityOf(partitionKey, change))
    case 'replace':
      return transaction.updateEntity(entityOf(partitionKey, change), 'Replace', { etag: change.etag })
    case 'remove':
      return transaction.deleteEntity(partitionKey, change.rowKey)
  }
}

function rangeFilter(partitionKey: string, { from, before }: RowRange): string {
  const parts = [odata`PartitionKey eq ${partitionKey}`]
  if (from !== undefined) parts.push(odata`RowKey ge ${from}`)
  if (before !== undefined) parts.push(odata`RowKey lt ${before}`)
  return parts.join(' and ')
}

function readPage(client: Client, filter: string | undefined, page: Page): Promise<RowPage> {
  return storageCall(`list rows of table ${client.tableName}`, async () => {
    const queryOptions = filter === undefined ? {} : { filter }
    const settings = page.next === undefined ? {} : { continuationToken: page.next }
    const pages = client
      .listEntities<Record<string, CellValue>>({ queryOptions, ...options() })
      .byPage({ maxPageSize: Math.min(page.size, 1000), ...settings })
    const { value } = await pages.next()
    const rows = [...(value ?? [])].map(rowOf)
    const next: string | undefined = value?.continuationToken
    return next === undefined ? { rows } : { rows, next }
  })
}

function entityOf(partitionKey: string, row: { rowKey: string; cells: StoredRow['cells'] }) {
  const forbidden = [partitionKey, row.rowKey].find((key) => /[/\\#?\p{Cc}]/u.test(key))
  if (forbidden !== undefined) {
    throw new TerminalError(`Cannot write row ${row.rowKey}: a key holds a character that keys must not hold`)
  }
  return { partitionKey, rowKey: row.rowKey, ...encodeCells(row.cells) }
}

function rowOf(entity: Entity): StoredRow {
  const { partitionKey, rowKey, etag, timestamp, ...cells } = entity
  return {
    partitionKey: String(partitionKey),
    rowKey: String(rowKey),
    etag: String(etag),
    cells: decodeCells(cells),
    ...(timestamp !== undefined && { modifiedAtMs: Date.parse(timestamp) }),
  }
}
