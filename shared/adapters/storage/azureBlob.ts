import { BlobServiceClient, ContainerClient } from '@azure/storage-blob'
import type { BlobStore } from '../../lib/blobStore.ts'
import { TerminalError } from '../../retraining/errors.ts'
import { quotedEtag } from './blobFacts.ts'
import { listBlobs, readBlob, readFacts, streamBlob } from './blobRead.ts'
import { type SasSigner, sharedKeySigner } from './blobSas.ts'
import { writeBlob } from './blobWrite.ts'
import { type StorageConnection, urlWithin, wrongPartOf } from './connection.ts'
import { delegatedSigner } from './delegatedSas.ts'
import { callDeadline, retryOptions, storageCall } from './storageError.ts'

/**
 * A container of an Azure Storage account (or Azurite). Errors: `RetryableError` for what may pass, `TerminalError` for
 * what we asked wrongly. Source: learn.microsoft.com/rest/api/storageservices/blob-service-rest-api.
 */
export function createAzureBlobs(connection: StorageConnection, container: string): BlobStore {
  const client = connect(connection, container)
  const sign = signerOf(connection, client)
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
    remove: (name, etag) => removeBlob(client, name, etag),
    list: (prefix, page) => listBlobs(client, prefix, page),
    readOnlyReference: (name, startsAtMs, expiresAtMs) => sign(name, startsAtMs, expiresAtMs, 'r'),
    writeOnlyReference: (name, startsAtMs, expiresAtMs) => sign(name, startsAtMs, expiresAtMs, 'cw'),
  }
}

async function removeBlob(client: ContainerClient, name: string, etag?: string): Promise<void> {
  await storageCall<'removed' | 'changed'>(
    `remove blob ${name} of container ${client.containerName}`,
    async () => {
      const conditions = etag === undefined ? {} : { ifMatch: quotedEtag(etag) }
      await client.getBlobClient(name).deleteIfExists({ abortSignal: callDeadline(), conditions })
      return 'removed'
    },
    ({ status }) => (status === 412 ? 'changed' : undefined),
  )
}

function connect(connection: StorageConnection, container: string): ContainerClient {
  try {
    if (typeof connection === 'string') return new ContainerClient(connection, container, { retryOptions })
    const url = urlWithin(connection.blobServiceUri, container)
    return new ContainerClient(url, connection.credential, { retryOptions })
  } catch {
    throw new TerminalError(`Cannot use container ${container}: ${wrongPartOf(connection)}`)
  }
}

/** By the account's key where there is one, else by a key that the service lends the app's identity. */
function signerOf(connection: StorageConnection, client: ContainerClient): SasSigner {
  if (typeof connection === 'string') return sharedKeySigner(client)
  const service = new BlobServiceClient(connection.blobServiceUri, connection.credential, { retryOptions })
  return delegatedSigner(client, (startsOn, expiresOn) =>
    storageCall('get a user-delegation key', () =>
      service.getUserDelegationKey(startsOn, expiresOn, { abortSignal: callDeadline() }),
    ),
  )
}
