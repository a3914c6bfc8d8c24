import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { StagingClaim } from '../retraining/stagingClaim.ts'
import type { StagingStore } from '../retraining/stores.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const claim: z.ZodType<StagingClaim> = z.object({
  customerId: z.string(),
  model: z.string(),
  generation: z.int(),
  owner: z.string(),
  untilAtMs: z.number(),
  sha256: z.string().optional(),
})

const codec = createRowCodec<StagingClaim>('staging', claim, [])
const stagingRow = 'staging'

/** Who uses a staging endpoint: table `slots`, partition the hash of its URL, one row. */
export function createStagingTable(slots: TableStore): StagingStore {
  return {
    async readStaging(url) {
      const row = await slots.get(hash(url), stagingRow)
      return row && { value: codec.decode(row.cells), etag: row.etag }
    },
    async writeStaging(url, { value, etag }) {
      const row = { partitionKey: hash(url), rowKey: stagingRow, cells: codec.encode(value) }
      const outcome = etag === undefined ? await slots.insert(row) : await slots.replace(row, etag)
      return outcome === 'inserted' || outcome === 'replaced' ? 'committed' : 'conflict'
    },
  }
}
