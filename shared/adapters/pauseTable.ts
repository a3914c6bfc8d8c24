import { z } from 'zod'
import type { RowPage, TableStore } from '../lib/tableStore.ts'
import type { Pause, PauseStore } from '../retraining/hold.ts'
import { createRowCodec } from './rowCodec.ts'

const pause = z.object({
  customerId: z.string().optional(),
  by: z.string(),
  reason: z.string(),
  atMs: z.number(),
})

const codec = createRowCodec<Pause>('controls', pause, [])
const partitionKey = 'pause'
const pageSize = 1_000

/** The `controls` table: partition `pause`, row `fleet` or `customer|{customerId}`. */
export function createPauseTable(controls: TableStore): PauseStore {
  const read = async (customerId: string | undefined): Promise<Pause[]> => {
    const row = await controls.get(partitionKey, rowOf(customerId))
    return row === undefined ? [] : [codec.decode(row.cells)]
  }
  return {
    async readPauses(customerId) {
      const [own, fleet] = await Promise.all([read(customerId), read(undefined)])
      return [...own, ...fleet]
    },
    async listPauses() {
      const pauses: Pause[] = []
      let next: string | undefined
      do {
        const size = { size: pageSize }
        const page: RowPage = await controls.list(
          partitionKey,
          {},
          next === undefined ? size : { ...size, next },
        )
        pauses.push(...page.rows.map((row) => codec.decode(row.cells)))
        next = page.next
      } while (next !== undefined)
      return pauses
    },
    putPause: (value) =>
      controls.put({ partitionKey, rowKey: rowOf(value.customerId), cells: codec.encode(value) }),
    async removePause(customerId) {
      const row = await controls.get(partitionKey, rowOf(customerId))
      if (row === undefined) return 'absent'
      await controls.remove(partitionKey, row.rowKey, row.etag)
      return 'removed'
    },
  }
}

function rowOf(customerId: string | undefined): string {
  return customerId === undefined ? 'fleet' : `customer|${customerId}`
}
