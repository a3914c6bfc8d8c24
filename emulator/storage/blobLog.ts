import { BlobServiceClient } from '@azure/storage-blob'

/** What one block of an append blob takes. */
const blockBytes = 4 * 1024 * 1024

/** Adds text at the end of append blobs of a container; container and blobs are made when first written. */
export function createBlobLog(
  connectionString: string,
  containerName: string,
): (blob: string, text: string) => Promise<void> {
  const container = BlobServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 2, retryDelayInMs: 200 },
  }).getContainerClient(containerName)
  let last = ''
  return async (name, text) => {
    const blob = container.getAppendBlobClient(name)
    if (last === '') await container.createIfNotExists()
    if (last !== name) await blob.createIfNotExists()
    last = name
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const block = bytes.subarray(at, at + blockBytes)
      await blob.appendBlock(block, block.length)
    }
  }
}
