import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import type { StorageConnection } from './connection.ts'
import { callDeadline, retryOptions, storageCall } from './storageError.ts'

/** A queue with its poison queue; `oldestSentAtMs` is when the message that would be received next was sent. */
export type AccountQueue = { name: string; messages: number; poison: number; oldestSentAtMs?: number }

/** What the account itself says: its clock, and how its queues are. One listing or peek a queue, nothing is changed. */
export type AccountFacts = {
  readStorageClock(): Promise<number>
  readQueues(): Promise<AccountQueue[]>
}

/** Facts of the account with this container and these queues. */
export function createAccountFacts(
  connection: StorageConnection,
  { container, queues: names }: { container: string; queues: readonly string[] },
): AccountFacts {
  const blobs = blobServiceOf(connection)
  const queues = queueServiceOf(connection)
  return {
    readStorageClock: () =>
      storageCall('ask storage for its time', async () => {
        const client = blobs.getContainerClient(container)
        const { date } = await client.getProperties({ abortSignal: callDeadline() })
        if (date === undefined) throw new Error('its answer has no date')
        return date.getTime()
      }),
    readQueues: () => Promise.all(names.map((name) => readQueue(queues, name))),
  }
}

async function readQueue(queues: QueueServiceClient, name: string): Promise<AccountQueue> {
  const [messages, poison, oldestSentAtMs] = await Promise.all([
    countOf(queues, name),
    countOf(queues, `${name}-poison`),
    oldestOf(queues, name),
  ])
  return oldestSentAtMs === undefined
    ? { name, messages, poison }
    : { name, messages, poison, oldestSentAtMs }
}

/** A queue that is not there (the host makes poison queues when it needs one) has no messages. */
function countOf(queues: QueueServiceClient, name: string): Promise<number> {
  return storageCall<number>(
    `count messages of queue ${name}`,
    async () => {
      const { approximateMessagesCount = 0 } = await queues
        .getQueueClient(name)
        .getProperties({ abortSignal: callDeadline() })
      return approximateMessagesCount
    },
    ({ status }) => (status === 404 ? 0 : undefined),
  )
}

async function oldestOf(queues: QueueServiceClient, name: string): Promise<number | undefined> {
  const found = await storageCall<{ sentAtMs?: number }>(
    `peek at queue ${name}`,
    async () => {
      const { peekedMessageItems } = await queues
        .getQueueClient(name)
        .peekMessages({ numberOfMessages: 1, abortSignal: callDeadline() })
      const [first] = peekedMessageItems
      return first === undefined ? {} : { sentAtMs: first.insertedOn.getTime() }
    },
    ({ status }) => (status === 404 ? {} : undefined),
  )
  return found.sentAtMs
}

function blobServiceOf(connection: StorageConnection): BlobServiceClient {
  return typeof connection === 'string'
    ? BlobServiceClient.fromConnectionString(connection, { retryOptions })
    : new BlobServiceClient(connection.blobServiceUri, connection.credential, { retryOptions })
}

function queueServiceOf(connection: StorageConnection): QueueServiceClient {
  return typeof connection === 'string'
    ? QueueServiceClient.fromConnectionString(connection, { retryOptions })
    : new QueueServiceClient(connection.queueServiceUri, connection.credential, { retryOptions })
}
