import { z } from 'zod'
import type { Row, RowPage, TableStore } from '../lib/tableStore.ts'
import type { PredictiveServiceSettings, WebServiceStore } from '../retraining/predictiveServices.ts'
import type { TrainingServiceSettings } from '../retraining/settings.ts'
import type { Stored } from '../retraining/stores.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const trainingService: z.ZodType<TrainingServiceSettings> = z.object({
  name: z.string().min(1),
  jobsUrl: z.url(),
  apiKey: z.string().min(1),
  inputPort: z.string().min(1),
  modelPort: z.string().min(1),
  evaluationPort: z.string().min(1),
  maxJobsInFlight: z.int().positive().max(1_000),
  maxJobsPerCustomer: z.int().positive().optional(),
})

const predictiveService: z.ZodType<PredictiveServiceSettings> = z.object({
  name: z.string().min(1),
  managementUrl: z.url(),
  token: z.string().min(1),
  resourceName: z.string().min(1).optional(),
  inputPort: z.string().min(1).optional(),
  outputPort: z.string().min(1).optional(),
  template: z
    .object({
      description: z.string().optional(),
      throttleLevel: z.enum(['Low', 'High']).optional(),
      maxConcurrentCalls: z.int().positive().optional(),
      logging: z.enum(['None', 'Error', 'All']).optional(),
      sampleData: z.boolean().optional(),
    })
    .optional(),
})

const trainingCodec = createRowCodec('webservices', trainingService, [])
const predictiveCodec = createRowCodec('webservices', predictiveService, ['template'])
const pageSize = 100

/** Web services by name, training and predictive ones. */
export type WebServiceTable = WebServiceStore

/** For walks: the names of all training services, a page at a time. */
export type WebServiceNames = Pick<WebServiceStore, 'listTrainingServices'>

/**
 * The `webservices` table: partition `training` or `predictive`, row the hash of the name. Wrong settings throw
 * TerminalError, also when written.
 */
export function createWebServiceTable(webServices: TableStore): WebServiceTable {
  const training = rowsOf(webServices, 'training', trainingCodec)
  const predictive = rowsOf(webServices, 'predictive', predictiveCodec)
  return {
    readTrainingService: training.read,
    findTrainingService: training.find,
    putTrainingService: training.put,
    swapTrainingService: training.swap,
    listTrainingServices: training.list,
    readPredictiveService: predictive.read,
    findPredictiveService: predictive.find,
    putPredictiveService: predictive.put,
    swapPredictiveService: predictive.swap,
    listPredictiveServices: predictive.list,
  }
}

type Named = { name: string }

function rowsOf<Service extends Named>(
  table: TableStore,
  partitionKey: string,
  codec: ReturnType<typeof createRowCodec<Service>>,
) {
  const find = async (name: string): Promise<Stored<Service> | undefined> => {
    const row = await table.get(partitionKey, hash(name))
    return row && { value: codec.decode(row.cells), etag: row.etag }
  }
  const rowOf = (value: Service): Row => {
    const cells = codec.encode(value)
    codec.decode(cells)
    return { partitionKey, rowKey: hash(value.name), cells }
  }
  return {
    find,
    read: async (name: string): Promise<Service | undefined> => (await find(name))?.value,
    put: async (value: Service): Promise<void> => table.put(rowOf(value)),
    async swap(value: Service, etag: string): Promise<'written' | 'changed'> {
      return (await table.replace(rowOf(value), etag)) === 'replaced' ? 'written' : 'changed'
    },
    async list(next: string | undefined): Promise<{ items: string[]; next?: string }> {
      const size = { size: pageSize }
      const page = await table.list(partitionKey, {}, next === undefined ? size : { ...size, next })
      return namesOf(page)
    },
  }
}

function namesOf({ rows, next }: RowPage): { items: string[]; next?: string } {
  const items = rows.map((row) => String(row.cells.name))
  return next === undefined ? { items } : { items, next }
}
