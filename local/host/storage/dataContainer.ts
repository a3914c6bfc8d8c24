import type { BlobServiceClient } from '@azure/storage-blob'
import { bytesOf, ifFound } from './stateBlobs.ts'

/** One version of a blob in a container; `etag` is unquoted. */
export type BlobVersion = { name: string; etag: string; lastModifiedMs: number; blobType: string }

/** A blob that was read. `properties` is what the host shows the function of it. */
export type ReadBlob = {
  bytes: Buffer
  uri: string
  properties: Record<string, unknown>
  metadata: Record<string, string>
}

/** A container whose blobs start functions. In memory for tests: `test/local/host/fakes/memoryContainer.ts`. */
export type DataContainer = {
  account: string
  name: string
  /** One page in name order; an empty one when the container is missing. */
  list(next: string | undefined): Promise<{ blobs: BlobVersion[]; next: string | undefined }>
  etag(name: string): Promise<{ etag: string; blobType: string } | undefined>
  read(name: string): Promise<ReadBlob | undefined>
  /** Writes a blob whatever is there; creates the container where it is missing. */
  write(name: string, bytes: Uint8Array): Promise<void>
}

const pageSize = 5_000

/** A container of a storage account. */
export function azureContainer(service: BlobServiceClient, name: string): DataContainer {
  const container = service.getContainerClient(name)
  return {
    account: service.accountName,
    name,
    list: async (next) => {
      const found = await ifFound(() => firstPage(container.listBlobsFlat().byPage(pageOptions(next))))
      const blobs = (found?.segment.blobItems ?? []).map(({ name: blobName, properties }) => ({
        name: blobName,
        etag: unquoted(properties.etag),
        lastModifiedMs: properties.lastModified.getTime(),
        blobType: properties.blobType ?? 'BlockBlob',
      }))
      return { blobs, next: found?.continuationToken || undefined }
    },
    etag: async (blobName) => {
      const found = await ifFound(() => container.getBlobClient(blobName).getProperties())
      return found && { etag: unquoted(found.etag ?? ''), blobType: found.blobType ?? 'BlockBlob' }
    },
    read: (blobName) => readBlob(container.getBlobClient(blobName)),
    write: async (blobName, bytes) => {
      await container.createIfNotExists()
      await container.getBlockBlobClient(blobName).uploadData(bytes)
    },
  }
}

function pageOptions(next: string | undefined) {
  return { maxPageSize: pageSize, ...(next === undefined ? {} : { continuationToken: next }) }
}

async function firstPage<Page>(pages: AsyncIterableIterator<Page>): Promise<Page> {
  for await (const page of pages) return page
  throw new Error('Cannot list a container: the service sent no page')
}

/** List answers ETags without quotes, get and put with. */
export function unquoted(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '')
}

async function readBlob(
  client: ReturnType<ReturnType<BlobServiceClient['getContainerClient']>['getBlobClient']>,
) {
  const found = await ifFound(() => client.download())
  if (found === undefined) return undefined
  const { lastModified, contentLength, contentType, contentEncoding, contentLanguage, etag, contentMD5 } =
    found
  return {
    bytes: await bytesOf(found.readableStreamBody),
    uri: client.url,
    metadata: found.metadata ?? {},
    properties: {
      LastModified: lastModified?.toISOString(),
      ContentLength: contentLength,
      ContentType: contentType,
      ContentEncoding: contentEncoding,
      ContentLanguage: contentLanguage,
      ContentHash: contentMD5 === undefined ? undefined : Buffer.from(contentMD5).toString('base64'),
      ETag: etag,
      BlobType: found.blobType,
    },
  }
}
