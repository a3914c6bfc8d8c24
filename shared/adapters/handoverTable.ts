import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { HandOverPorts, Handover } from '../retraining/handOver.ts'
import { modelPartition } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const handover: z.ZodType<Handover> = z.object({
  customerId: z.string(),
  model: z.string(),
  count: z.int().positive(),
  by: z.string(),
  lastAtMs: z.number(),
})
const codec = createRowCodec('handover', handover, [])
const partitionKey = 'handover'

/** Which endpoints were handed over: partition `handover` of the `controls` table. */
export function createHandoverTable(
  controls: TableStore,
): Pick<HandOverPorts, 'readHandover' | 'writeHandover'> {
  return {
    async readHandover(key) {
      const row = await controls.get(partitionKey, modelPartition(key))
      return row && { value: codec.decode(row.cells), etag: row.etag }
    },
    async writeHandover(value, etag) {
      const row = { partitionKey, rowKey: modelPartition(value), cells: codec.encode(value) }
      const outcome = etag === undefined ? await controls.insert(row) : await controls.replace(row, etag)
      return outcome === 'inserted' || outcome === 'replaced' ? 'written' : 'conflict'
    },
  }
}
