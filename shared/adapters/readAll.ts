import type { StoredRow, TableStore } from '../lib/tableStore.ts'
import type { ModelKey } from '../retraining/names.ts'
import { modelPartition } from './keys.ts'

const pageSize = 500

/** Every row of a range of a model's partition, in key order. */
export async function readAll(
  models: TableStore,
  key: ModelKey,
  range: { from: string; before: string },
): Promise<StoredRow[]> {
  const rows: StoredRow[] = []
  let next: string | undefined
  do {
    const page = await models.list(
      modelPartition(key),
      range,
      next === undefined ? { size: pageSize } : { size: pageSize, next },
    )
    rows.push(...page.rows)
    next = page.next
  } while (next !== undefined)
  return rows
}
