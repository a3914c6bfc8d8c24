import type { StoredRow, TableStore } from '../../shared/lib/tableStore.ts'
import { refuseNewer, rowVersion } from '../storage/rowVersion.ts'
import type { Slots } from './window.ts'

/** The part of a table that a counter's row needs. */
export type CounterTable = Pick<TableStore, 'get' | 'insert' | 'replace'>

/** A counter's row: PK subscription, RK `rate` or `quota`; cell `slots` is JSON `[[sinceMs, freeAtMs, count], ...]`. */
export type SharedSlots = { slots: Slots; swap(slots: Slots): Promise<boolean> }

/** Reads a counter's row; `swap` writes it only if nobody wrote it meanwhile, and answers whether it did. */
export async function readSharedSlots(
  table: CounterTable,
  subscription: string,
  kind: string,
): Promise<SharedSlots> {
  const row = await table.get(subscription, kind)
  return {
    slots: row === undefined ? [] : decodeSlots(row),
    async swap(slots) {
      const fresh = {
        partitionKey: subscription,
        rowKey: kind,
        cells: { ...rowVersion, slots: encodeSlots(slots) },
      }
      return row === undefined
        ? (await table.insert(fresh)) === 'inserted'
        : (await table.replace(fresh, row.etag)) === 'replaced'
    },
  }
}

function encodeSlots(slots: Slots): string {
  return JSON.stringify(slots.map(({ sinceMs, freeAtMs, count }) => [sinceMs, freeAtMs, count]))
}

function decodeSlots(row: StoredRow): Slots {
  refuseNewer(`the counter of ${row.partitionKey}`, row.cells)
  const parts: unknown = JSON.parse(String(row.cells.slots))
  if (!Array.isArray(parts)) throw new Error(`Cannot read the counter of ${row.partitionKey}: it is no list`)
  return parts.map(([sinceMs, freeAtMs, count]: number[]) => {
    if (sinceMs === undefined || freeAtMs === undefined || count === undefined) {
      throw new Error(`Cannot read the counter of ${row.partitionKey}: a slot lacks a number`)
    }
    return { sinceMs, freeAtMs, count }
  })
}
