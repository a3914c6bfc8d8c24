import type { QueueStore } from '../queue/queueStore.ts'
import { azureQueue } from './azureQueue.ts'
import { connectionsOf } from './connections.ts'
import { azureContainer, type DataContainer } from './dataContainer.ts'
import { azureStateBlobs, type StateBlobs } from './stateBlobs.ts'

/** The setting with the connection string of the host's own account. */
export const hostConnection = 'AzureWebJobsStorage'

/** The queues and containers a host works with, by the name of a connection setting. Each throws for a missing setting. */
export type Stores = {
  queue(connection: string, name: string): QueueStore
  container(connection: string, name: string): DataContainer
  /** Status, receipts and locks of the host: `azure-webjobs-hosts` in its own account. */
  state(): StateBlobs
  /** Function keys: `azure-webjobs-secrets` in its own account. */
  secrets(): StateBlobs
}

/** The storage accounts that the settings of `environment` name. */
export function storesOf(environment: NodeJS.ProcessEnv): Stores {
  const connections = connectionsOf(environment)
  return {
    queue: (connection, name) => azureQueue(connections.queues(connection), name),
    container: (connection, name) => azureContainer(connections.blobs(connection), name),
    state: () => azureStateBlobs(connections.blobs(hostConnection), 'azure-webjobs-hosts'),
    secrets: () => azureStateBlobs(connections.blobs(hostConnection), 'azure-webjobs-secrets'),
  }
}
