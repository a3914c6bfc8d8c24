import type { Cells, StoredRow } from '../lib/tableStore.ts'

/** `mentions`: the row is others' too and stays, without the customer. */
type Belonging = 'yes' | 'mentions' | 'no'

/**
 * Whether a row is a customer's: by its keys, its `customerId`, a blob's name, or a message's text in it. Rows of the audit log
 * and the health of a service only mention customers. Pure.
 */
export function belongsTo(table: string, row: StoredRow, customerId: string): Belonging {
  if (table === 'audit') return mentions(row, customerId) ? 'mentions' : 'no'
  const { partitionKey, rowKey, cells } = row
  const isPartition = partitionKey === customerId || partitionKey.startsWith(`${customerId}|`)
  if (byCustomer.has(table) && isPartition) return 'yes'
  if (cells.customerId === customerId || isRowOf(rowKey, customerId)) return 'yes'
  if (typeof cells.name === 'string' && cells.name.startsWith(`${customerId}/`)) return 'yes'
  if (isTextTable(table) && hasIdOrPath(cells, customerId)) return 'yes'
  return table === 'slots' && hasIdOrPath(cells, customerId) ? 'mentions' : 'no'
}

/** Tables whose partitions are customers' or their models': elsewhere a partition may have the name of a customer by chance. */
const byCustomer: ReadonlySet<string> = new Set(['customers', 'models', 'unclaimed'])

/** Tables whose rows hold texts of messages; in others' runs and settings a text that reads like the id is theirs. */
function isTextTable(table: string): boolean {
  return table === 'deadLetters' || table === 'unclaimed' || table === 'webhooks'
}

/** The row's cells without the customer: the pseudonym stands in its place; of a service's failures its own are left out. Pure. */
export function cleaned(row: StoredRow, customerId: string, pseudonym: string): Cells {
  return Object.fromEntries(
    Object.entries(row.cells).map(([name, cell]) => {
      if (typeof cell !== 'string') return [name, cell]
      if (name === 'failures') return [name, withoutFailures(cell, customerId)]
      return [name, cell.replaceAll(wordOf(customerId), pseudonym)]
    }),
  )
}

function withoutFailures(text: string, customerId: string): string {
  const failures: { customerId?: string }[] = JSON.parse(text)
  return JSON.stringify(failures.filter((failure) => failure.customerId !== customerId))
}

/** `contoso|census`, `share|contoso|00001`, `customer|contoso`, `001767226500000|contoso|census|1`; a model of that name is not meant. */
function isRowOf(rowKey: string, customerId: string): boolean {
  const [first = '', second, ...rest] = rowKey.split('|')
  if (first === customerId) return second !== undefined && rest.length === 0
  return second === customerId && /^(?:share|customer|\d+)$/.test(first)
}

/** What was done to the customer, or said of its blobs; a word that happens to be its id (a model's name) is left alone. */
function mentions({ cells }: StoredRow, customerId: string): boolean {
  const target = String(cells.target ?? '')
  const texts = Object.values(cells).filter((cell) => typeof cell === 'string')
  if (target === 'erasures') return texts.some((text) => text.search(wordOf(customerId)) >= 0)
  if (new RegExp(`(?:^|/)customers/${customerId}(?:/|$)`).test(target)) return true
  return texts.some((text) => new RegExp(`(?:^|[^A-Za-z0-9-])${customerId}/`).test(text))
}

/** In a message or a list kept as JSON text, or as a blob's folder. */
function hasIdOrPath(cells: Cells, customerId: string): boolean {
  const found = new RegExp(`"customerId"\\s*:\\s*"${customerId}"|(?:^|["/])${customerId}/[a-z0-9]`)
  return Object.values(cells).some((cell) => typeof cell === 'string' && found.test(cell))
}

/** The id as a whole word: ids hold letters, digits and dashes only, so nothing in it is special. */
function wordOf(customerId: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9-])${customerId}(?![A-Za-z0-9-])`, 'g')
}
