import type { TableStore } from '../../shared/lib/tableStore.ts'
import { hourKey } from './rollup.ts'

/** The part of a table that removing needs. */
export type RemovableRows = Pick<TableStore, 'list' | 'remove'>

const pageSize = 100

/**
 * Removes a page of a subscription's rows, the oldest first; with `beforeMs` (epoch milliseconds) only those of hours before.
 * Answers whether that was the last of them.
 */
export async function removePage(
  table: RemovableRows,
  subscription: string,
  beforeMs?: number,
): Promise<{ isLast: boolean }> {
  const range = beforeMs === undefined ? {} : { before: hourKey(beforeMs) }
  const { rows, next } = await table.list(subscription, range, { size: pageSize })
  // A row that is written meanwhile stays, for the next page or the next time.
  const removed = rows.map(({ partitionKey, rowKey, etag }) => table.remove(partitionKey, rowKey, etag))
  await Promise.all(removed)
  return { isLast: next === undefined && rows.length < pageSize }
}
