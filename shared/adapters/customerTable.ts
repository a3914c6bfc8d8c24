import { z } from 'zod'
import { isNcrontab } from '../lib/ncrontab.ts'
import type { Row, StoredRow, TableStore } from '../lib/tableStore.ts'
import { isTimeZone } from '../lib/wallClock.ts'
import { TerminalError } from '../retraining/errors.ts'
import type { Order } from '../retraining/head.ts'
import { isId, type ModelKey } from '../retraining/names.ts'
import type { ListedSettings, ModelSettingsStore } from '../retraining/predictiveServices.ts'
import type { ListedModel } from '../retraining/reconcileModel.ts'
import type { ModelSettings, WrittenSettings } from '../retraining/settings.ts'
import { endpoint, gate } from './gateRows.ts'
import { webhook } from './lineageRows.ts'
import { createRowCodec } from './rowCodec.ts'

type StoredSettings = WrittenSettings & { offboarded?: Order | undefined }

const id = z.string().refine(isId, 'lower-case letters, digits and dashes')

/** A model's schedule: refused when its time zone or one of its fields is none. */
const scheduleSchema = z.object({
  cron: z.string().refine(isNcrontab, 'NCRONTAB of six fields, seconds first'),
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone').optional(),
  spreadMinutes: z.number().min(0).max(1_440).optional(),
})

const scheduleCell = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('no JSON')
      return z.NEVER
    }
  })
  .pipe(scheduleSchema)

const settings: z.ZodType<StoredSettings> = z.object({
  customerId: id,
  model: id,
  trainingService: z.string().min(1),
  predictiveService: z.string().min(1).optional(),
  endpoint,
  trainingData: z.enum(['latest', 'append']),
  quietSeconds: z.number().min(0),
  maxQuietSeconds: z.number().min(0),
  jobDeadlineMinutes: z.number().positive().max(8_580).optional(),
  gate,
  probeRow: z.record(z.string(), z.string()).optional(),
  driftPolicy: z.enum(['mend', 'report']),
  approvalDays: z.number().positive().optional(),
  appendDrops: z.int().positive().optional(),
  appendBytes: z.int().positive().optional(),
  schedule: scheduleSchema.optional(),
  breakerRuns: z.int().min(0).optional(),
  webhook: webhook.optional(),
  offboarded: z.object({ by: z.string(), reason: z.string(), atMs: z.number() }).optional(),
})

const codec = createRowCodec('customers', settings, [
  'endpoint',
  'gate',
  'probeRow',
  'schedule',
  'webhook',
  'offboarded',
])

/** Settings of customers' models. */
export type CustomerTable = ModelSettingsStore & {
  readSettings(key: ModelKey): Promise<ModelSettings | undefined>
  /** Every customer's models, a page at a time, in key order. */
  listModels(next: string | undefined): Promise<{ items: ListedModel[]; next?: string }>
}

const pageSize = 100

/**
 * The `customers` table: partition customer id, row model. Wrong settings throw TerminalError, also when written.
 * `jobDeadlineMinutes` holds for models that name none.
 */
export function createCustomerTable(customers: TableStore, jobDeadlineMinutes = 240): CustomerTable {
  const find = async ({ customerId, model }: ModelKey) => {
    const row = await customers.get(customerId, model)
    return row && { ...codec.decode(row.cells), etag: row.etag }
  }
  return {
    async readSettings(key) {
      const found = await find(key)
      if (found === undefined || found.offboarded !== undefined) return undefined
      const { etag: _etag, ...settings } = found
      return { ...settings, jobDeadlineMinutes: found.jobDeadlineMinutes ?? jobDeadlineMinutes }
    },
    async readWritten(key) {
      const found = await find(key)
      if (found === undefined) return undefined
      const { offboarded, etag, ...settings } = found
      return { settings, offboarded, etag }
    },
    async markOffboarded(value, order) {
      const { customerId: partitionKey, model: rowKey } = value
      await customers.put({ partitionKey, rowKey, cells: codec.encode({ ...value, offboarded: order }) })
    },
    putSettings: async (value) => customers.put(rowOf(value)),
    async swapSettings(value, etag) {
      const row = rowOf(value)
      const outcome = await (etag === undefined ? customers.insert(row) : customers.replace(row, etag))
      return outcome === 'inserted' || outcome === 'replaced' ? 'written' : 'changed'
    },
    ...createLists(customers),
  }
}

/** Settings that could not be read back are not written. */
function rowOf(value: StoredSettings): Row {
  const cells = codec.encode(value)
  codec.decode(cells)
  return { partitionKey: value.customerId, rowKey: value.model, cells }
}

/** Pages of models, those that are off-boarded left out. */
function createLists(customers: TableStore): Pick<CustomerTable, 'listSettings' | 'listModels'> {
  return {
    async listSettings({ size, next, customerId }) {
      const part = next === undefined ? { size } : { size, next }
      const page = await (customerId === undefined
        ? customers.scan(part)
        : customers.list(customerId, {}, part))
      const items = page.rows.filter(isServed).map(listedSettings)
      return page.next === undefined ? { items } : { items, next: page.next }
    },
    async listModels(next) {
      const page = await customers.scan(next === undefined ? { size: pageSize } : { size: pageSize, next })
      const items = page.rows.filter(isServed).map(listed)
      return page.next === undefined ? { items } : { items, next: page.next }
    },
  }
}

/** An off-boarded model's row keeps what its settings were, and counts as none. */
function isServed({ cells }: StoredRow): boolean {
  return cells.offboarded === undefined
}

function listedSettings({ partitionKey, rowKey, cells }: StoredRow): ListedSettings {
  const key = { customerId: partitionKey, model: rowKey }
  try {
    return { ...key, settings: codec.decode(cells) }
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    return { ...key, problem: error.message }
  }
}

/** A row's names and its schedule; settings that are damaged have none. */
function listed({ partitionKey, rowKey, cells }: StoredRow): ListedModel {
  const key = { customerId: partitionKey, model: rowKey }
  const schedule = scheduleCell.safeParse(cells.schedule).data
  return schedule === undefined ? key : { ...key, schedule }
}
