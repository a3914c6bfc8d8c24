import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { Drift } from '../retraining/fleetChecks.ts'
import type { Tick, TickName, TickStore } from '../retraining/ticks.ts'
import { modelPartition } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const names = ['pollJobs', 'reconcile', 'schedules', 'retention'] as const satisfies readonly TickName[]
const tick: z.ZodType<Tick> = z.object({ name: z.enum(names), endedAtMs: z.number(), tookMs: z.number() })
const drift: z.ZodType<Drift> = z.object({ customerId: z.string(), model: z.string(), foundAtMs: z.number() })
const tickCodec = createRowCodec('ticks', tick, [])
const driftCodec = createRowCodec('drift', drift, [])

const ticks = 'ticks'
const drifts = 'drift'
const mostDrifts = 1_000

/** When timers ran, and which endpoints were found with another model: partitions `ticks` and `drift` of `cursors`. */
export function createTickTable(cursors: TableStore): TickStore & {
  readDrifts(): Promise<Drift[]>
  writeDrift(drift: Drift): Promise<void>
} {
  return {
    writeTick: (value) =>
      cursors.put({ partitionKey: ticks, rowKey: value.name, cells: tickCodec.encode(value) }),
    async readTicks() {
      const { rows } = await cursors.list(ticks, {}, { size: names.length })
      return rows.map((row) => tickCodec.decode(row.cells))
    },
    writeDrift: (value) =>
      cursors.put({ partitionKey: drifts, rowKey: modelPartition(value), cells: driftCodec.encode(value) }),
    async readDrifts() {
      const { rows } = await cursors.list(drifts, {}, { size: mostDrifts })
      return rows.map((row) => driftCodec.decode(row.cells))
    },
  }
}
