import type { RowChange, StoredRow, TableStore } from '../lib/tableStore.ts'
import type { Drop } from '../retraining/drop.ts'
import { RetryableError } from '../retraining/errors.ts'
import type { ManifestDrop } from '../retraining/generation.ts'
import type { ModelKey, RunKey } from '../retraining/names.ts'
import type { DropStore } from '../retraining/stores.ts'
import { createDropVersions } from './dropVersions.ts'
import { dropRow, modelPartition, pendingRange } from './keys.ts'
import { readAll } from './readAll.ts'
import { dropCodec } from './rows.ts'

/** Drops with what views read: a model's drops, a page at a time. */
export type DropTable = DropStore & {
  readDrops(key: ModelKey, page: { size: number; next?: string }): Promise<{ drops: Drop[]; next?: string }>
}

const dropsAtOnce = 40
const mostTries = 5

/** Records of drops over the `models` table. */
export function createDropTable(models: TableStore): DropTable {
  return {
    ...createDropVersions(models),
    async readPending(key) {
      const rows = await readAll(models, key, pendingRange)
      return rows.map((row) => dropCodec.decode(row.cells))
    },
    async hasPending(key) {
      const page = await models.list(modelPartition(key), pendingRange, { size: 1 })
      return page.rows.length > 0
    },
    markTaken: (key, drops) => markTaken(models, key, drops),
    async readDrops(key, page) {
      const range = { from: 'drop|', before: 'drop}' }
      const { rows, next } = await models.list(modelPartition(key), range, page)
      const drops = rows.map((row) => dropCodec.decode(row.cells))
      return next === undefined ? { drops } : { drops, next }
    },
  }
}

/** A drop and its place in the waiting list change together: what no longer waits is marked already. */
async function markTaken(models: TableStore, key: RunKey, drops: readonly ManifestDrop[]): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const waiting = new Map(
      (await readAll(models, key, pendingRange)).map((row) => [dropCodec.decode(row.cells).id, row]),
    )
    const left = drops.filter((drop) => waiting.has(drop.id))
    let conflicts = 0
    for (let at = 0; at < left.length; at += dropsAtOnce) {
      const changes = left
        .slice(at, at + dropsAtOnce)
        .flatMap((drop) => marksOf(key, drop, waiting.get(drop.id)))
      if ((await models.transact(modelPartition(key), changes)) === 'conflict') conflicts++
    }
    if (conflicts === 0) return
  }
  throw new RetryableError(
    `Cannot mark the drops of generation ${key.generation}: others change them all the time`,
  )
}

/** The drop's record is what its place in the list says: both only change together, so that the place's ETag guards both. */
function marksOf(key: RunKey, drop: ManifestDrop, waiting: StoredRow | undefined): RowChange[] {
  if (waiting === undefined) return []
  const taken: Drop = {
    ...dropCodec.decode(waiting.cells),
    state: 'taken',
    generation: key.generation,
    use: drop.use,
    reason: drop.reason,
  }
  return [
    { kind: 'replace', rowKey: dropRow(drop.id), cells: dropCodec.encode(taken), etag: '*' },
    { kind: 'remove', rowKey: waiting.rowKey, etag: waiting.etag },
  ]
}
