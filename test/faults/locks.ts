import { setTimeout as delay } from 'node:timers/promises'
import { BlobServiceClient } from '@azure/storage-blob'

/**
 * Breaks the hosts' locks `seconds` from now, as if their leases had run out: a blob lease lasts 15 s at least. A host that
 * lives loses its locks too and has to get them again.
 */
export async function breakLocksAfter(seconds: number, connectionString: string): Promise<void> {
  await delay(seconds * 1_000)
  const service = BlobServiceClient.fromConnectionString(connectionString, { retryOptions: { maxTries: 1 } })
  const container = service.getContainerClient('azure-webjobs-hosts')
  for await (const { name, properties } of container.listBlobsFlat({ prefix: 'locks/' })) {
    if (properties.leaseState !== 'leased') continue
    await container.getBlobClient(name).getBlobLeaseClient().breakLease(0)
  }
}
