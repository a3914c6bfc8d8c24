import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'

/** Storage accounts by the name of the setting that holds their connection string. */
export type Connections = {
  blobs(connection: string): BlobServiceClient
  queues(connection: string): QueueServiceClient
}

/**
 * Connects to the accounts whose connection strings are in the environment: `NAME`, or `AzureWebJobsNAME`. Throws for a
 * missing one; identity-based connections (`NAME__accountName`) are for the cloud.
 */
export function connectionsOf(environment: NodeJS.ProcessEnv): Connections {
  const blobs = new Map<string, BlobServiceClient>()
  const queues = new Map<string, QueueServiceClient>()
  return {
    blobs: (name) => {
      const text = connectionString(environment, name)
      return remember(blobs, text, () => BlobServiceClient.fromConnectionString(text))
    },
    queues: (name) => {
      const text = connectionString(environment, name)
      return remember(queues, text, () => QueueServiceClient.fromConnectionString(text))
    },
  }
}

function remember<Value>(known: Map<string, Value>, key: string, create: () => Value): Value {
  const value = known.get(key) ?? create()
  known.set(key, value)
  return value
}

function connectionString(environment: NodeJS.ProcessEnv, name: string): string {
  const text = environment[`AzureWebJobs${name}`] || environment[name]
  if (text !== undefined && text !== '') return text
  const isIdentity = Object.keys(environment).some((key) => key.startsWith(`${name}__`))
  const reason = isIdentity
    ? 'this host takes connection strings only, no identity'
    : `there is no setting ${name}`
  throw new Error(`Cannot connect to storage: ${reason}`)
}
