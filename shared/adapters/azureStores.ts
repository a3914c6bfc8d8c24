import type { TableStore } from '../lib/tableStore.ts'
import type { Stores } from './appPorts.ts'
import { createAzureBlobs } from './storage/azureBlob.ts'
import { createAzureQueue } from './storage/azureQueue.ts'
import { createAzureTable } from './storage/azureTable.ts'
import type { StorageConnection } from './storage/connection.ts'

/** The app's tables, queues and containers in one storage account; `prefix` sets tests apart. */
export function createAzureStores(connection: StorageConnection, prefix = ''): Stores {
  const queue = (name: string) => createAzureQueue(connection, `${prefix}${name}`)
  const container = (name: string) => createAzureBlobs(connection, `${prefix}${name}`)
  return {
    tables: tablesOf((name) => createAzureTable(connection, `${prefix}${name}`)),
    queues: {
      startRequests: queue('start-requests'),
      trainingJobs: queue('training-jobs'),
      endpointUpdates: queue('endpoint-updates'),
      trainingDataEvents: queue('training-data-events'),
      webhooks: queue('webhooks'),
    },
    containers: {
      trainingData: container('training-data'),
      trainingSets: container('training-sets'),
      models: container('models'),
      holdouts: container('holdouts'),
    },
  }
}

function tablesOf(table: (name: string) => TableStore): Stores['tables'] {
  return {
    customers: table('customers'),
    models: table('models'),
    webservices: table('webservices'),
    slots: table('slots'),
    waiting: table('waiting'),
    unclaimed: table('unclaimed'),
    deadLetters: table('deadLetters'),
    cursors: table('cursors'),
    controls: table('controls'),
    schedules: table('schedules'),
    audit: table('audit'),
    webhooks: table('webhooks'),
    subscriptions: table('subscriptions'),
    usage: table('usage'),
    counters: table('counters'),
  }
}

/** Creates what is missing; what is there stays as it is. */
export async function createMissing({ tables, queues, containers }: Stores): Promise<void> {
  const all = [...Object.values(tables), ...Object.values(queues), ...Object.values(containers)]
  await Promise.all(all.map((store) => store.create()))
}
