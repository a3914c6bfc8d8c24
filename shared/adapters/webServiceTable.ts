import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { TrainingServiceSettings } from '../retraining/settings.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const service: z.ZodType<TrainingServiceSettings> = z.object({
  name: z.string().min(1),
  jobsUrl: z.url(),
  apiKey: z.string().min(1),
  inputPort: z.string().min(1),
  modelPort: z.string().min(1),
  evaluationPort: z.string().min(1),
  maxJobsInFlight: z.int().positive().max(1_000),
  maxJobsPerCustomer: z.int().positive().optional(),
})

const codec = createRowCodec('webservices', service, [])
const partition = 'training'
const pageSize = 100

/** Training web services by name. */
export type WebServiceTable = {
  readTrainingService(name: string): Promise<TrainingServiceSettings | undefined>
  putTrainingService(service: TrainingServiceSettings): Promise<void>
}

/** For walks: the names of all training services, a page at a time. */
export type WebServiceNames = {
  listTrainingServices(next: string | undefined): Promise<{ items: string[]; next?: string }>
}

/** The `webservices` table. Wrong settings throw TerminalError, also when written. */
export function createWebServiceTable(webServices: TableStore): WebServiceTable & WebServiceNames {
  return {
    async readTrainingService(name) {
      const row = await webServices.get(partition, hash(name))
      return row === undefined ? undefined : codec.decode(row.cells)
    },
    async listTrainingServices(next) {
      const size = { size: pageSize }
      const { rows, next: after } = await webServices.list(
        partition,
        {},
        next === undefined ? size : { ...size, next },
      )
      const items = rows.map((row) => String(row.cells.name))
      return after === undefined ? { items } : { items, next: after }
    },
    async putTrainingService(value) {
      const cells = codec.encode(value)
      codec.decode(cells)
      await webServices.put({ partitionKey: partition, rowKey: hash(value.name), cells })
    },
  }
}
