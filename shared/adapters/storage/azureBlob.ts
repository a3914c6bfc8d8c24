import { ContainerClient } from '@azure/storage-blob'
import type { BlobStore } from '../../lib/blobStore.ts'
import { TerminalError } from '../../retraining/errors.ts'
import { listBlobs, readBlob, readFacts, streamBlob } from './blobRead.ts'
import { type SasSigner, sharedKeySigner } from './blobSas.ts'
import { writeBlob } from './blobWrite.ts'
import { callDeadline, retryOptions, storageCall } from './storageError.ts'

/**
 * A container of an Azure Storage account (or Azurite). Errors: `RetryableError` for what may pass, `TerminalError` for
 * what we asked wrongly. Source: learn.microsoft.com/rest/api/storageservices/blob-service-rest-api.
 */
export function createAzureBlobs(connectionString: string, container: string): BlobStore {
  const client = connect(connectionString, container)
  const sign: SasSigner = sharedKeySigner(client)
  return {
    container,
    create: () =>
      storageCall(`create container ${container}`, async () => {
        await client.createIfNotExists({ abortSignal: callDeadline() })
      }),
    facts: (name) => readFacts(client, name),
    read: (name, maxBytes) => readBlob(client, name, maxBytes),
    stream: (name, etag) => streamBlob(client, name, etag),
    async createOnly(name, content, contentType, metadata = {}) {
      const written = await writeBlob(client, name, content, { contentType, metadata, onlyNew: true })
      return written === 'exists' ? 'exists' : 'created'
    },
    async put(name, content, contentType) {
      const written = await writeBlob(client, name, content, { contentType, metadata: {}, onlyNew: false })
      if (written === 'exists') throw new Error(`Cannot write blob ${name}: it exists, and none was expected`)
      return written
    },
    remove: (name) =>
      storageCall(`remove blob ${name} of container ${container}`, async () => {
        await client.getBlobClient(name).deleteIfExists({ abortSignal: callDeadline() })
      }),
    list: (prefix, page) => listBlobs(client, prefix, page),
    readOnlyReference: (name, startsAtMs, expiresAtMs) => sign(name, startsAtMs, expiresAtMs),
  }
}

function connect(connectionString: string, container: string): ContainerClient {
  try {
    return new ContainerClient(connectionString, container, { retryOptions })
  } catch {
    throw new TerminalError(`Cannot use container ${container}: the connection string of its account is none`)
  }
}
