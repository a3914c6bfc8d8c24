import { z } from 'zod'
import type { RowChange, StoredRow, TableStore } from '../lib/tableStore.ts'
import { RetryableError } from '../retraining/errors.ts'
import type { ServiceHealth } from '../retraining/serviceHealth.ts'
import type { Slot } from '../retraining/slots.ts'
import type { SlotBoard, SlotStore } from '../retraining/stores.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const count = z.int().positive()
const slot = z.object({
  service: z.string(),
  customerId: z.string(),
  model: z.string(),
  generation: count,
  number: count,
  share: count,
  token: z.string(),
  leaseUntilAtMs: z.number(),
})

const codec = createRowCodec<Slot & { service: string }>('slots', slot, [])

const cause = z.enum(['calls', 'jobs'])
const health = z.object({
  failures: z.array(z.object({ customerId: z.string(), atMs: z.number(), cause })),
  paused: z
    .object({
      sinceAtMs: z.number(),
      reason: z.string(),
      cause,
      probes: z.int(),
      probeAtMs: z.number(),
      calledForAtMs: z.number().optional(),
      firstMs: z.number(),
    })
    .optional(),
  resumedAtMs: z.number().optional(),
})

const healthCodec = createRowCodec<ServiceHealth>('health', health, ['failures', 'paused'])
const healthRow = 'health'

/** The training services' slots, and how each service does. */
export type SlotTable = Pick<SlotStore, 'readSlots' | 'takeSlot' | 'freeSlot' | 'renewSlot' | 'writeHealth'>

const pageSize = 1_000
const mostTries = 5

/**
 * The `slots` table: partition service, a row `slot|{number}` and a row `share|{customerId}|{share}` for each slot that is
 * taken, in one transaction, so that neither the service's nor the customer's cap is ever passed; a row `health` once
 * something failed at the service.
 */
export function createSlotTable(slots: TableStore): SlotTable {
  return {
    async readSlots(service) {
      return boardOf(await listRows(slots, service))
    },
    async takeSlot(service, taken) {
      const outcome = await slots.transact(hash(service), [
        { kind: 'insert', rowKey: slotRow(taken), cells: codec.encode({ ...taken, service }) },
        { kind: 'insert', rowKey: shareRow(taken), cells: { v: 1, token: taken.token } },
      ])
      return outcome === 'committed' ? 'taken' : 'conflict'
    },
    freeSlot: (service, token) => freeSlot(slots, service, token),
    writeHealth(service, { value, etag }) {
      const cells = healthCodec.encode(value)
      const change: RowChange =
        etag === undefined
          ? { kind: 'insert', rowKey: healthRow, cells }
          : { kind: 'replace', rowKey: healthRow, cells, etag }
      return slots.transact(hash(service), [change])
    },
    async renewSlot(service, renewed) {
      const row = await slots.get(hash(service), slotRow(renewed))
      if (row?.cells.token !== renewed.token) return
      const { partitionKey, rowKey } = row
      const cells = codec.encode({ ...renewed, service })
      await slots.replace({ partitionKey, rowKey, cells }, row.etag)
    },
  }
}

function boardOf(rows: readonly StoredRow[]): SlotBoard {
  const health = rows.find(({ rowKey }) => rowKey === healthRow)
  const slots = rows.filter(isSlot).map((row) => codec.decode(row.cells))
  return { slots, health: health && { value: healthCodec.decode(health.cells), etag: health.etag } }
}

async function freeSlot(slots: TableStore, service: string, token: string): Promise<SlotBoard> {
  for (let tries = 0; tries < mostTries; tries++) {
    const rows = await listRows(slots, service)
    const held = rows.filter((row) => row.cells.token === token)
    if (held.length === 0) return boardOf(rows)
    const changes = held.map(({ rowKey, etag }): RowChange => ({ kind: 'remove', rowKey, etag }))
    if ((await slots.transact(hash(service), changes)) === 'committed') return boardOf(rows)
  }
  throw new RetryableError(`Cannot free a slot of ${service}: others change it all the time`)
}

async function listRows(slots: TableStore, service: string): Promise<StoredRow[]> {
  const rows: StoredRow[] = []
  let next: string | undefined
  do {
    const page = next === undefined ? { size: pageSize } : { size: pageSize, next }
    const found = await slots.list(hash(service), {}, page)
    rows.push(...found.rows)
    next = found.next
  } while (next !== undefined)
  return rows
}

function isSlot({ rowKey }: StoredRow): boolean {
  return rowKey.startsWith('slot|')
}

function slotRow({ number }: Slot): string {
  return `slot|${String(number).padStart(5, '0')}`
}

function shareRow({ customerId, share }: Slot): string {
  return `share|${customerId}|${String(share).padStart(5, '0')}`
}
