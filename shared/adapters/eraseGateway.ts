import type { StoredRow, TableStore } from '../lib/tableStore.ts'

/**
 * The gateway's tables in the same account, known by name: the app shares no code with it. Rows of `subscriptions` are in one
 * partition and name their `customerId`; partitions of `usage` and `counters` are subscriptions' names.
 */
export type GatewayTables = Readonly<Record<'subscriptions' | 'usage' | 'counters', TableStore>>

const partition = 'subscriptions'
const pageSize = 500
const removedAtOnce = 100

/** Removes a page of what the gateway keeps of a customer: of one subscription after the other usage, counters, then itself. */
export async function eraseGatewayPage(
  tables: GatewayTables,
  customerId: string,
): Promise<{ kind: string; count: number; next?: string }> {
  const kind = 'rows of the gateway'
  const own = await findSubscription(tables.subscriptions, customerId)
  if (own === undefined) return { kind, count: 0 }
  const usage = await removePage(tables.usage, own.rowKey)
  if (usage === removedAtOnce) return { kind, count: usage, next: 'more' }
  const counters = await removePage(tables.counters, own.rowKey)
  const removed = await tables.subscriptions.remove(partition, own.rowKey, own.etag)
  // A running gateway writes usage until the subscription is gone.
  const late = removed === 'removed' ? 1 + (await removePage(tables.usage, own.rowKey)) : 0
  return { kind, count: usage + counters + late, next: 'more' }
}

async function findSubscription(table: TableStore, customerId: string): Promise<StoredRow | undefined> {
  let next: string | undefined
  do {
    const page = await table.list(partition, {}, { size: pageSize, ...(next !== undefined && { next }) })
    const own = page.rows.find(({ cells }) => cells.customerId === customerId)
    if (own !== undefined) return own
    next = page.next
  } while (next !== undefined)
  return undefined
}

async function removePage(table: TableStore, subscription: string): Promise<number> {
  const { rows } = await table.list(subscription, {}, { size: removedAtOnce })
  const removals = rows.map(({ partitionKey, rowKey, etag }) => table.remove(partitionKey, rowKey, etag))
  await Promise.all(removals)
  return rows.length
}
