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
  maxJobsInFlight: z.int().positive(),
})

const codec = createRowCodec('webservices', service, [])
const partition = 'training'

/** Training web services by name. */
export type WebServiceTable = {
  readTrainingService(name: string): Promise<TrainingServiceSettings | undefined>
  putTrainingService(service: TrainingServiceSettings): Promise<void>
}

/** The `webservices` table. Wrong settings throw TerminalError, also when written. */
export function createWebServiceTable(webServices: TableStore): WebServiceTable {
  return {
    async readTrainingService(name) {
      const row = await webServices.get(partition, hash(name))
      return row === undefined ? undefined : codec.decode(row.cells)
    },
    async putTrainingService(value) {
      const cells = codec.encode(value)
      codec.decode(cells)
      await webServices.put({ partitionKey: partition, rowKey: hash(value.name), cells })
    },
  }
}
