import type { RowChange, TableStore } from '../lib/tableStore.ts'
import type { Drop } from '../retraining/drop.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { ExclusionStore } from '../retraining/stores.ts'
import { dropRow, excludedRange, excludedRow, headRow, modelPartition, pendingRow } from './keys.ts'
import { readAll } from './readAll.ts'
import { dropCodec, headCodec } from './rows.ts'
import { changeOf } from './runTable.ts'

/** Excluded drops over the `models` table: a row `excluded|{id}` beside the drop's own. */
export function createExclusionTable(models: TableStore): ExclusionStore {
  return {
    async readDrop(key, id) {
      const row = await models.get(modelPartition(key), dropRow(id))
      return row && { value: dropCodec.decode(row.cells), etag: row.etag }
    },
    async swapDrop(key, { before, after, head }) {
      const moves = await movesOf(models, key, before.value, after)
      if (moves === 'conflict') return 'conflict'
      return models.transact(modelPartition(key), [
        changeOf(dropRow(after.id), dropCodec, { value: after, etag: before.etag }),
        changeOf(headRow, headCodec, head),
        ...moves,
      ])
    },
    async listExcluded(key) {
      const rows = await readAll(models, key, excludedRange)
      return rows.map(({ rowKey }) => rowKey.slice(excludedRange.from.length))
    },
  }
}

/** Out of the list of its old state, into that of its new one. */
async function movesOf(
  models: TableStore,
  key: ModelKey,
  before: Drop,
  after: Drop,
): Promise<RowChange[] | 'conflict'> {
  const moves: RowChange[] = []
  const leaves = listRow(before)
  const enters = listRow(after)
  if (leaves !== undefined) {
    const row = await models.get(modelPartition(key), leaves)
    if (row === undefined) return 'conflict'
    moves.push({ kind: 'remove', rowKey: leaves, etag: row.etag })
  }
  if (enters !== undefined) moves.push({ kind: 'insert', rowKey: enters, cells: dropCodec.encode(after) })
  return moves
}

function listRow(drop: Drop): string | undefined {
  switch (drop.state) {
    case 'pending':
      return pendingRow(drop.acceptedAtMs, drop.id)
    case 'excluded':
      return excludedRow(drop.id)
    case 'taken':
    case 'unchanged':
      return undefined
  }
}
