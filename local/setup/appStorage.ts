import { createReadStream } from 'node:fs'
import { type CustomerTable, createCustomerTable } from '../../shared/adapters/customerTable.ts'
import { createDropTable } from '../../shared/adapters/dropTable.ts'
import { createEndpointOwnerTable } from '../../shared/adapters/endpointOwnerTable.ts'
import { createRunTable, type RunTable } from '../../shared/adapters/runTable.ts'
import { createAzureBlobs } from '../../shared/adapters/storage/azureBlob.ts'
import { createAzureTable } from '../../shared/adapters/storage/azureTable.ts'
import { createUnclaimedTable, type UnclaimedTable } from '../../shared/adapters/unclaimedTable.ts'
import { createWebServiceTable, type WebServiceTable } from '../../shared/adapters/webServiceTable.ts'
import type { BlobStore } from '../../shared/lib/blobStore.ts'
import type { EndpointOwners } from '../../shared/retraining/predictiveServices.ts'
import type { DropStore } from '../../shared/retraining/stores.ts'
import { readCsv } from '../csv.ts'

/** The app's storage as the stack and `retrain` use it: settings, rows, training data. */
export type AppStorage = {
  tables: CustomerTable & WebServiceTable & EndpointOwners
  rows: RunTable & Pick<DropStore, 'hasPending'>
  /** Drops that belong to nobody known. */
  readUnclaimed: UnclaimedTable['readUnclaimed']
  trainingData: BlobStore
  /** Rows of a training input in `training-sets`, without its header. */
  countInputRows(name: string): Promise<number>
}

const mostInputBytes = 256 * 1024 * 1024

/** Opens the app's tables and containers; creates those that set-up writes to where they are missing. */
export async function openAppStorage(connectionString: string): Promise<AppStorage> {
  const table = (name: string) => createAzureTable(connectionString, name)
  const [customers, webServices, models] = [table('customers'), table('webservices'), table('models')]
  const trainingData = createAzureBlobs(connectionString, 'training-data')
  const trainingSets = createAzureBlobs(connectionString, 'training-sets')
  const unclaimed = table('unclaimed')
  await Promise.all([customers, webServices, models, unclaimed, trainingData].map((store) => store.create()))
  return {
    tables: {
      ...createCustomerTable(customers),
      ...createWebServiceTable(webServices),
      ...createEndpointOwnerTable(webServices),
    },
    rows: { ...createRunTable(models), hasPending: createDropTable(models).hasPending },
    readUnclaimed: createUnclaimedTable(unclaimed).readUnclaimed,
    trainingData,
    async countInputRows(name) {
      const bytes = await trainingSets.read(name, mostInputBytes)
      if (bytes === undefined)
        throw new Error(`Cannot count the rows of ${name}: there is no such training set`)
      return readCsv(new TextDecoder().decode(bytes)).rows.length
    },
  }
}

/** Uploads a file as a customer's training data: `{customerId}/{model}/{name}`. */
export async function uploadDrop(trainingData: BlobStore, blobName: string, file: string): Promise<void> {
  await trainingData.put(blobName, createReadStream(file), 'text/csv')
}
