import { z } from 'zod'
import type { StoredRow, TableStore } from '../lib/tableStore.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { Unclaimed } from '../retraining/stores.ts'
import { dropId, modelPartition } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const record = z.object({
  name: z.string(),
  etag: z.string(),
  sizeBytes: z.number(),
  reason: z.string(),
  seenAtMs: z.number(),
  outcome: z.string().optional(),
})

/** A landed blob that belongs to nobody known; `outcome` once it was taken up. */
export type UnclaimedDrop = z.infer<typeof record>

const codec = createRowCodec<UnclaimedDrop>('unclaimed', record, [])

/** Unclaimed drops: partition `customerId|model` where the path names them, else `-`; settled ones under `settled`. */
export type UnclaimedTable = {
  recordUnclaimed(unclaimed: Unclaimed): Promise<void>
  listUnclaimed(key: ModelKey): Promise<{ name: string; rowKey: string }[]>
  settleUnclaimed(key: ModelKey, rowKey: string, outcome: string): Promise<void>
  /** For views: a page of all that is unclaimed. */
  readUnclaimed(page: { size: number; next?: string }): Promise<{ drops: UnclaimedDrop[]; next?: string }>
}

const atOnce = 50
const nobody = '-'
const settled = 'settled'

/** The `unclaimed` table. */
export function createUnclaimedTable(unclaimed: TableStore): UnclaimedTable {
  return {
    async recordUnclaimed({ blob, reason, key, seenAtMs }) {
      const { name, etag, sizeBytes } = blob
      await unclaimed.insert({
        partitionKey: key === undefined ? nobody : modelPartition(key),
        rowKey: dropId(name, etag),
        cells: codec.encode({ name: name.slice(0, 1_024), etag, sizeBytes, reason, seenAtMs }),
      })
    },
    async listUnclaimed(key) {
      const page = await unclaimed.list(modelPartition(key), {}, { size: atOnce })
      return page.rows.map((row) => ({ name: codec.decode(row.cells).name, rowKey: row.rowKey }))
    },
    async settleUnclaimed(key, rowKey, outcome) {
      const row = await unclaimed.get(modelPartition(key), rowKey)
      if (row === undefined) return
      const cells = codec.encode({ ...codec.decode(row.cells), outcome })
      await unclaimed.put({ partitionKey: settled, rowKey, cells })
      await unclaimed.remove(row.partitionKey, rowKey, row.etag)
    },
    async readUnclaimed(page) {
      const { rows, next } = await unclaimed.scan(page)
      const drops = rows.filter(isOpen).map((row) => codec.decode(row.cells))
      return next === undefined ? { drops } : { drops, next }
    },
  }
}

function isOpen(row: StoredRow): boolean {
  return row.partitionKey !== settled
}
