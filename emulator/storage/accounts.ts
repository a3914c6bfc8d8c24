import { Readable } from 'node:stream'
import { type BlobClient, BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { type BlobReference, containerAndName } from './blobReference.ts'
import type { OpenBlob } from './bySas.ts'
import { completeConnectionString } from './connectionString.ts'

/** A reference that an account key opens. */
export type AccountReference = Exclude<BlobReference, { kind: 'sas' }>

/** Storage accounts by connection string. */
export type Accounts = {
  blob(reference: AccountReference): BlobClient
  /** A container of the emulator's own account. */
  ownContainer(name: string): ContainerClient
  /** What the URLs of the account's blobs begin with, ending in `/`. */
  baseLocation(reference: AccountReference): string
}

/** `ownStorage` is the emulator's connection string. Clients are kept, so that connections are used again. */
export function createAccounts(ownStorage: string): Accounts {
  const services = new Map<string, BlobServiceClient>()
  const serviceOf = (reference: AccountReference) =>
    service(
      services,
      reference.kind === 'own'
        ? ownStorage
        : completeConnectionString(reference.connectionString, ownStorage),
    )
  return {
    blob(reference) {
      const { container, name } = containerAndName(reference.relativeLocation)
      return serviceOf(reference).getContainerClient(container).getBlobClient(name)
    },
    ownContainer: (name) => service(services, ownStorage).getContainerClient(name),
    baseLocation(reference) {
      const { url } = serviceOf(reference)
      return url.endsWith('/') ? url : `${url}/`
    },
  }
}

function service(services: Map<string, BlobServiceClient>, connectionString: string): BlobServiceClient {
  const known = services.get(connectionString)
  if (known !== undefined) return known
  const created = BlobServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 3, retryDelayInMs: 200 },
  })
  if (services.size >= 100) services.clear()
  services.set(connectionString, created)
  return created
}

/** Reads a blob. */
export async function openByAccount(blob: BlobClient, signal: AbortSignal): Promise<OpenBlob> {
  const answer = await blob.download(undefined, undefined, { abortSignal: signal })
  if (answer.readableStreamBody === undefined) throw new Error('the blob has no body')
  return { body: Readable.from(answer.readableStreamBody), sizeBytes: answer.contentLength }
}
