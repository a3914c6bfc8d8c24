import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { WalkCursor } from '../retraining/reconcile.ts'
import type { SweepCursor, SweepName } from '../retraining/sweep.ts'
import { createRowCodec } from './rowCodec.ts'

const walk = createRowCodec<WalkCursor>(
  'cursors',
  z.object({ next: z.string().optional(), after: z.string().optional() }),
  [],
)
const sweep = createRowCodec<SweepCursor>(
  'cursors',
  z.object({
    next: z.string().optional(),
    from: z.string().optional(),
    startedAtMs: z.number().optional(),
    sinceAtMs: z.number().optional(),
    missedAtMs: z.number().optional(),
    skips: z.boolean().optional(),
  }),
  [],
)

/** Where reconcile's walks stopped. Two ticks at once may write either's place: both do no harm. */
export type CursorTable = {
  readModelsCursor(): Promise<WalkCursor>
  writeModelsCursor(cursor: WalkCursor): Promise<void>
  readSweepCursor(name: SweepName): Promise<SweepCursor>
  writeSweepCursor(name: SweepName, cursor: SweepCursor): Promise<void>
}

const partitionKey = 'reconcile'
const sweepRows = { recent: 'trainingData', whole: 'trainingDataWhole' } satisfies Record<SweepName, string>

/** The `cursors` table. */
export function createCursorTable(cursors: TableStore): CursorTable {
  return {
    async readModelsCursor() {
      const row = await cursors.get(partitionKey, 'models')
      return row === undefined ? {} : walk.decode(row.cells)
    },
    writeModelsCursor: (cursor) =>
      cursors.put({ partitionKey, rowKey: 'models', cells: walk.encode(cursor) }),
    async readSweepCursor(name) {
      const row = await cursors.get(partitionKey, sweepRows[name])
      return row === undefined ? {} : sweep.decode(row.cells)
    },
    writeSweepCursor: (name, cursor) =>
      cursors.put({ partitionKey, rowKey: sweepRows[name], cells: sweep.encode(cursor) }),
  }
}
