import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { AuditLog, DamagedAudit, ListedAudit } from '../retraining/audit.ts'
import { TerminalError } from '../retraining/errors.ts'
import { createRowCodec, decodeOrSay } from './rowCodec.ts'

const entry = z.object({
  what: z.string(),
  target: z.string(),
  by: z.string(),
  reason: z.string(),
  requestId: z.string(),
  beganAtMs: z.number(),
  outcome: z.enum(['begun', 'done', 'refused', 'failed']),
  status: z.int().optional(),
  detail: z.string().optional(),
  endedAtMs: z.number().optional(),
})

const codec = createRowCodec<Omit<ListedAudit, 'id'>>('audit', entry, [])
const partitionKey = 'audit'

/** Beyond every instant in ms: rows count down, so that the newest comes first. */
const lastMs = 999_999_999_999_999

const instantOf = (id: string): number => lastMs - Number(id.slice(0, id.indexOf('-')))

/** The `audit` table: one partition, newest first. What callers say passes `redact`. */
export function createAuditTable(
  audit: TableStore,
  { redact, newId }: { redact(text: string): string; newId(): string },
): AuditLog {
  return {
    async beginAudit(begun) {
      const id = `${String(lastMs - begun.beganAtMs).padStart(15, '0')}-${newId()}`
      const [target, by, reason] = [redact(begun.target), redact(begun.by), redact(begun.reason)]
      const cells = codec.encode({ ...begun, target, by, reason, outcome: 'begun' })
      await audit.insert({ partitionKey, rowKey: id, cells })
      return id
    },
    async endAudit(id, end) {
      const row = await audit.get(partitionKey, id)
      if (row === undefined) throw new TerminalError(`Cannot complete audit entry ${id}: it is not there`)
      const detail = end.detail === undefined ? undefined : redact(end.detail)
      const cells = codec.encode({ ...codec.decode(row.cells), ...end, detail })
      await audit.replace({ partitionKey, rowKey: id, cells }, row.etag)
    },
    async listAudit({ size, next }) {
      const page = await audit.list(partitionKey, {}, next === undefined ? { size } : { size, next })
      const items: ListedAudit[] = []
      const damaged: DamagedAudit[] = []
      for (const row of page.rows) {
        const read = decodeOrSay(codec, row)
        if ('problem' in read) damaged.push({ id: row.rowKey, beganAtMs: instantOf(row.rowKey), ...read })
        else items.push({ id: row.rowKey, ...read })
      }
      return { items, damaged, ...(page.next !== undefined && { next: page.next }) }
    },
  }
}
