import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { Waiting } from '../retraining/slots.ts'
import type { SlotStore } from '../retraining/stores.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const waiting = z.object({
  service: z.string(),
  customerId: z.string(),
  model: z.string(),
  generation: z.int().positive(),
  readyAtMs: z.number(),
})

const codec = createRowCodec<Waiting & { service: string }>('waiting', waiting, [])

/** Who waits for a slot. */
export type WaitingTable = Pick<SlotStore, 'listWaiting' | 'addWaiting' | 'removeWaiting'>

const pageSize = 100

/** The `waiting` table: partition service, row `{readyMs}|customerId|model|generation`: the longest-waiting run first. */
export function createWaitingTable(table: TableStore): WaitingTable {
  return {
    async listWaiting(service, next) {
      const size = { size: pageSize }
      const page = await table.list(hash(service), {}, next === undefined ? size : { ...size, next })
      const items = page.rows.map((row) => codec.decode(row.cells))
      return page.next === undefined ? { items } : { items, next: page.next }
    },
    async addWaiting(service, run) {
      const cells = codec.encode({ ...run, service })
      await table.insert({ partitionKey: hash(service), rowKey: rowOf(run), cells })
    },
    async removeWaiting(service, run) {
      const row = await table.get(hash(service), rowOf(run))
      if (row !== undefined) await table.remove(row.partitionKey, row.rowKey, row.etag)
    },
  }
}

function rowOf({ readyAtMs, customerId, model, generation }: Waiting): string {
  return `${String(readyAtMs).padStart(15, '0')}|${customerId}|${model}|${generation}`
}
