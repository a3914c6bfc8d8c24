import { z } from 'zod'
import { isNcrontab, isTimeZone } from '../lib/ncrontab.ts'
import type { StoredRow, TableStore } from '../lib/tableStore.ts'
import { isId, type ModelKey } from '../retraining/names.ts'
import type { ListedModel } from '../retraining/reconcileModel.ts'
import type { ModelSettings } from '../retraining/settings.ts'
import { gate } from './gateRows.ts'
import { createRowCodec } from './rowCodec.ts'

/** Settings as they are written: without a deadline the app's own holds. */
type StoredSettings = Omit<ModelSettings, 'jobDeadlineMinutes'> & { jobDeadlineMinutes?: number | undefined }

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
  endpoint: z.object({
    url: z.url(),
    scoringUrl: z.url(),
    apiKey: z.string().min(1),
    resourceName: z.string().min(1),
  }),
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
})

const codec = createRowCodec('customers', settings, ['endpoint', 'gate', 'probeRow', 'schedule'])

/** Settings of customers' models. */
export type CustomerTable = {
  readSettings(key: ModelKey): Promise<ModelSettings | undefined>
  putSettings(settings: StoredSettings): Promise<void>
  /** Every customer's models, a page at a time, in key order. */
  listModels(next: string | undefined): Promise<{ items: ListedModel[]; next?: string }>
}

const pageSize = 100

/**
 * The `customers` table: partition customer id, row model. Wrong settings throw TerminalError, also when written.
 * `jobDeadlineMinutes` holds for models that name none.
 */
export function createCustomerTable(customers: TableStore, jobDeadlineMinutes = 240): CustomerTable {
  return {
    async readSettings({ customerId, model }) {
      const row = await customers.get(customerId, model)
      const stored = row && codec.decode(row.cells)
      return stored && { ...stored, jobDeadlineMinutes: stored.jobDeadlineMinutes ?? jobDeadlineMinutes }
    },
    async putSettings(value) {
      const cells = codec.encode(value)
      codec.decode(cells)
      await customers.put({ partitionKey: value.customerId, rowKey: value.model, cells })
    },
    async listModels(next) {
      const page = await customers.scan(next === undefined ? { size: pageSize } : { size: pageSize, next })
      const items = page.rows.map(listed)
      return page.next === undefined ? { items } : { items, next: page.next }
    },
  }
}

/** A row's names and its schedule; settings that are damaged have none. */
function listed({ partitionKey, rowKey, cells }: StoredRow): ListedModel {
  const key = { customerId: partitionKey, model: rowKey }
  const schedule = scheduleCell.safeParse(cells.schedule).data
  return schedule === undefined ? key : { ...key, schedule }
}
