import type { Cells, RowChange, StoredRow, TableStore } from '../../shared/lib/tableStore.ts'

const longestText = 32_768
const reserved = new Set([
  'etag',
  'timestamp',
  'partitionKey',
  'rowKey',
  'PartitionKey',
  'RowKey',
  'Timestamp',
])
const forbidden = /[/\\#?\p{Cc}]/u

/** A table in memory with the real one's rules: ETags, key characters, text length, 100 changes a transaction. */
export function createMemoryTable(): TableStore & { rows(): StoredRow[] } {
  const partitions = new Map<string, Map<string, StoredRow>>()
  let version = 0
  const partition = (key: string) => {
    const found = partitions.get(key) ?? new Map<string, StoredRow>()
    partitions.set(key, found)
    return found
  }
  const write = (partitionKey: string, rowKey: string, cells: Cells) => {
    check(partitionKey, rowKey, cells)
    partition(partitionKey).set(rowKey, {
      partitionKey,
      rowKey,
      cells: withoutUndefined(cells),
      etag: `W/"${++version}"`,
    })
  }
  const holds = (partitionKey: string, change: RowChange) => {
    const row = partition(partitionKey).get(change.rowKey)
    if (change.kind === 'insert') return row === undefined
    if (change.kind === 'replace' && change.etag === '*') return row !== undefined
    return row?.etag === change.etag
  }
  const apply = (partitionKey: string, change: RowChange) => {
    if (change.kind === 'remove') partition(partitionKey).delete(change.rowKey)
    else write(partitionKey, change.rowKey, change.cells)
  }
  const one = (partitionKey: string, change: RowChange) => {
    if (!holds(partitionKey, change)) return false
    apply(partitionKey, change)
    return true
  }
  const all = () =>
    [...partitions.values()]
      .flatMap((rows) => [...rows.values()])
      .sort((a, b) => order(a.partitionKey, b.partitionKey) || order(a.rowKey, b.rowKey))
  return {
    rows: all,
    create: async () => undefined,
    get: async (partitionKey, rowKey) => partitions.get(partitionKey)?.get(rowKey),
    insert: async ({ partitionKey, rowKey, cells }) =>
      one(partitionKey, { kind: 'insert', rowKey, cells }) ? 'inserted' : 'exists',
    put: async ({ partitionKey, rowKey, cells }) => write(partitionKey, rowKey, cells),
    replace: async ({ partitionKey, rowKey, cells }, etag) =>
      one(partitionKey, { kind: 'replace', rowKey, cells, etag }) ? 'replaced' : 'changed',
    remove: async (partitionKey, rowKey, etag) =>
      one(partitionKey, { kind: 'remove', rowKey, etag }) ? 'removed' : 'changed',
    transact: async (partitionKey, changes) => {
      checkTransaction(changes)
      if (!changes.every((change) => holds(partitionKey, change))) return 'conflict'
      for (const change of changes) apply(partitionKey, change)
      return 'committed'
    },
    list: async (partitionKey, range, page) => {
      const rows = [...partition(partitionKey).values()]
        .sort((a, b) => order(a.rowKey, b.rowKey))
        .filter(({ rowKey }) => range.from === undefined || rowKey >= range.from)
        .filter(({ rowKey }) => range.before === undefined || rowKey < range.before)
      return pageOf(rows, page)
    },
    scan: async (page) => pageOf(all(), page),
  }
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** The continuation is the last row's keys, as with the real service: rows may come and go between two pages. */
function pageOf(rows: StoredRow[], page: { size: number; next?: string }) {
  const after = rows.filter((row) => page.next === undefined || position(row) > page.next)
  const taken = after.slice(0, page.size)
  const last = taken.at(-1)
  return after.length > taken.length && last !== undefined
    ? { rows: taken, next: position(last) }
    : { rows: taken }
}

function position(row: StoredRow): string {
  return `${row.partitionKey}\u0001${row.rowKey}`
}

function withoutUndefined(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== undefined))
}

function check(partitionKey: string, rowKey: string, cells: Cells): void {
  if (forbidden.test(partitionKey) || forbidden.test(rowKey)) {
    throw new Error(`Cannot write row ${partitionKey} ${rowKey}: a key holds a forbidden character`)
  }
  for (const [name, cell] of Object.entries(cells)) {
    if (typeof cell === 'string' && cell.length > longestText) {
      throw new Error(`Cannot write row ${rowKey}: ${name} is longer than ${longestText} characters`)
    }
    if (reserved.has(name)) throw new Error(`Cannot write row ${rowKey}: ${name} is a reserved name`)
    if (typeof cell === 'object') throw new Error(`Cannot write row ${rowKey}: ${name} is an object`)
  }
}

function checkTransaction(changes: readonly RowChange[]): void {
  if (changes.length > 100) throw new Error('Cannot commit: more than 100 changes')
  const keys = new Set(changes.map((change) => change.rowKey))
  if (keys.size !== changes.length) throw new Error('Cannot commit: two changes of one row')
}
