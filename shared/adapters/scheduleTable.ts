import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { DueSchedule, ScheduleStore } from '../retraining/schedule.ts'
import { createRowCodec } from './rowCodec.ts'

const due = z.object({ customerId: z.string(), model: z.string(), dueAtMs: z.number() })
const codec = createRowCodec<DueSchedule>('schedules', due, [])
const partitionKey = 'due'
const pageSize = 200

/** The `schedules` table: one partition, row `{dueMs}|customer|model`: a listing reads what is due and nothing else. */
export function createScheduleTable(schedules: TableStore): ScheduleStore {
  return {
    async listDueSchedules(nowMs, next) {
      const size = { size: pageSize }
      const range = { before: padded(nowMs + 1) }
      const page = await schedules.list(partitionKey, range, next === undefined ? size : { ...size, next })
      return { items: page.rows.map((row) => codec.decode(row.cells)), next: page.next }
    },
    async addSchedule(value) {
      await schedules.insert({ partitionKey, rowKey: rowOf(value), cells: codec.encode(value) })
    },
    async removeSchedule(value) {
      const row = await schedules.get(partitionKey, rowOf(value))
      if (row !== undefined) await schedules.remove(partitionKey, row.rowKey, row.etag)
    },
  }
}

function rowOf({ customerId, model, dueAtMs }: DueSchedule): string {
  return `${padded(dueAtMs)}|${customerId}|${model}`
}

function padded(atMs: number): string {
  return String(atMs).padStart(15, '0')
}
