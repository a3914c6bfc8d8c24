import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { StagedModel, StagingClaim, StagingPatch } from '../retraining/stagingClaim.ts'
import type { StagingStore } from '../retraining/stores.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const patch: z.ZodType<StagingPatch> = z.object({
  id: z.string(),
  name: z.string(),
  rows: z.string(),
  before: z.string().optional(),
  unsureUntilMs: z.number().optional(),
  deadlineAtMs: z.number().optional(),
})

const seen: z.ZodType<StagedModel> = z.object({
  name: z.string(),
  sha256: z.string(),
  baseLocation: z.string(),
  relativeLocation: z.string(),
})

const claim: z.ZodType<StagingClaim> = z.object({
  customerId: z.string(),
  model: z.string(),
  generation: z.int(),
  owner: z.string(),
  untilAtMs: z.number(),
  seen: seen.optional(),
  patch: patch.optional(),
})

const codec = createRowCodec<StagingClaim>('staging', claim, ['seen', 'patch'])
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
