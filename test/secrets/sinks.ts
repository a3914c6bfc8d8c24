import { TableClient, TableServiceClient } from '@azure/data-tables'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import type { Sink } from './search.ts'

const local = { allowInsecureConnection: true }

/** Blobs larger than this are searched in their first part only, in bytes. */
const mostBlobBytes = 4 * 1024 * 1024

/**
 * Everything that lies in the account: every row of every table, every message that can be peeked at (as it is and decoded),
 * every blob's name, metadata and content. `isData` tells containers whose content is the data itself: of those, names
 * and metadata only. `prefix`: only of tables, queues and containers so named, where the account is not the test's own.
 */
export async function* storageSinks(
  connectionString: string,
  isData: (container: string) => boolean = () => false,
  prefix = '',
): AsyncGenerator<Sink> {
  yield* tableSinks(connectionString, prefix)
  yield* queueSinks(connectionString, prefix)
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  for await (const { name } of blobs.listContainers()) {
    if (name.startsWith(prefix)) yield* blobSinks(blobs.getContainerClient(name), !isData(name))
  }
}

async function* tableSinks(connectionString: string, prefix: string): AsyncGenerator<Sink> {
  const tables = TableServiceClient.fromConnectionString(connectionString, local)
  for await (const { name = '' } of tables.listTables()) {
    if (!name.startsWith(prefix)) continue
    const table = TableClient.fromConnectionString(connectionString, name, local)
    for await (const row of table.listEntities()) {
      yield { where: `table ${name}, row ${row.partitionKey} ${row.rowKey}`, text: JSON.stringify(row) }
    }
  }
}

async function* queueSinks(connectionString: string, prefix: string): AsyncGenerator<Sink> {
  const queues = QueueServiceClient.fromConnectionString(connectionString)
  for await (const { name } of queues.listQueues()) {
    if (!name.startsWith(prefix)) continue
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 })
    for (const { messageText } of peekedMessageItems) {
      const decoded = Buffer.from(messageText, 'base64').toString('utf8')
      yield { where: `queue ${name}`, text: `${messageText}\n${decoded}` }
    }
  }
}

async function* blobSinks(container: ContainerClient, withContent: boolean): AsyncGenerator<Sink> {
  for await (const { name, metadata } of container.listBlobsFlat({ includeMetadata: true })) {
    const where = `blob ${container.containerName}/${name}`
    yield { where, text: `${name}\n${JSON.stringify(metadata ?? {})}` }
    if (!withContent) continue
    const client = container.getBlobClient(name)
    const { contentLength = 0 } = await client.getProperties()
    if (contentLength === 0) continue
    const bytes = await client.downloadToBuffer(0, Math.min(contentLength, mostBlobBytes))
    yield { where, text: bytes.toString('latin1') }
  }
}
