import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type BlobClient, BlobSASPermissions, BlobServiceClient, RestError } from '@azure/storage-blob'
import { type BlobReference, containerAndName, sasUrl, shownReference } from './blobReference.ts'

/** Where a result can be read, as the wire has it: the three parts are concatenated. */
export type ResultLocation = {
  ConnectionString: null
  RelativeLocation: string
  BaseLocation: string
  SasBlobToken: string
}

/** From when to when a token holds, epoch milliseconds. */
export type Validity = { startsAtMs: number; expiresAtMs: number }

/** The blobs that clients name, and the emulator's own, through one door. */
export type Blobs = {
  /** Copies a blob into a file; throws {@link BlobUnavailable}. */
  download(
    reference: BlobReference,
    file: string,
    limits: TransferLimits & { maxBytes: number },
  ): Promise<void>
  /** Writes a file as a blob into a container that is there; throws {@link BlobUnavailable}. */
  upload(reference: BlobReference, file: string, limits?: TransferLimits): Promise<void>
  /** Makes the container of the emulator's own outputs where it is missing. */
  ensureContainer(container: string): Promise<void>
  /** A read-only location of an output. One given by SAS has the client's own token: only an account key can sign. */
  locate(reference: BlobReference, validity: Validity): Promise<ResultLocation>
}

/** When a transfer is called off. */
export type TransferLimits = { signal?: AbortSignal }

/** A blob that cannot be read or written, and what the storage service said. */
export class BlobUnavailable extends Error {
  override readonly name = 'BlobUnavailable'
  readonly blob: string
  readonly reason: string

  constructor(blob: string, reason: string, cause?: unknown) {
    super(`Unable to access the provided Azure blob - ${blob}.  Azure error message: ${reason}.`, { cause })
    this.blob = blob
    this.reason = reason
  }
}

/** A reference that an account key opens. */
type AccountReference = Exclude<BlobReference, { kind: 'sas' }>
type SasReference = Extract<BlobReference, { kind: 'sas' }>

const never = new AbortController().signal

/** A transfer by SAS ends after five minutes at the latest. */
function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(300_000)])
}

/** Creates the door; `ownStorage` is the emulator's connection string. Clients are kept, so that connections are used again. */
export function createBlobs(ownStorage: string): Blobs {
  const services = new Map<string, BlobServiceClient>()
  const blobOf = (reference: AccountReference): BlobClient => {
    const { container, name } = containerAndName(reference.relativeLocation)
    const account = reference.kind === 'own' ? ownStorage : reference.connectionString
    return serviceOf(services, account).getContainerClient(container).getBlobClient(name)
  }
  return {
    download: (reference, file, { maxBytes, signal = never }) =>
      explained(reference, async () => {
        const body =
          reference.kind === 'sas'
            ? await sasStream(reference, signal)
            : await accountStream(blobOf(reference), signal)
        const target = createWriteStream(file, { mode: 0o600 })
        await pipeline(body, atMost(reference, maxBytes), target, { signal })
      }),
    upload: (reference, file, { signal = never } = {}) =>
      explained(reference, async () => {
        if (reference.kind === 'sas') return putBySas(reference, file, signal)
        await blobOf(reference).getBlockBlobClient().uploadFile(file, { abortSignal: signal })
      }),
    async ensureContainer(container) {
      await serviceOf(services, ownStorage).getContainerClient(container).createIfNotExists()
    },
    async locate(reference, validity) {
      if (reference.kind === 'sas') return splitUrl(sasUrl(reference), reference.relativeLocation)
      const url = await blobOf(reference).generateSasUrl({
        permissions: BlobSASPermissions.parse('r'),
        startsOn: new Date(validity.startsAtMs),
        expiresOn: new Date(validity.expiresAtMs),
      })
      return splitUrl(url, reference.relativeLocation)
    },
  }
}

function serviceOf(services: Map<string, BlobServiceClient>, connectionString: string): BlobServiceClient {
  const known = services.get(connectionString)
  if (known !== undefined) return known
  const created = BlobServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 3, retryDelayInMs: 200 },
  })
  if (services.size >= 100) services.clear()
  services.set(connectionString, created)
  return created
}

async function accountStream(blob: BlobClient, signal: AbortSignal): Promise<Readable> {
  const answer = await blob.download(undefined, undefined, { abortSignal: signal })
  if (answer.readableStreamBody === undefined) throw new Error('the blob has no body')
  return Readable.from(answer.readableStreamBody)
}

async function sasStream(reference: SasReference, signal: AbortSignal): Promise<Readable> {
  const answer = await fetch(sasUrl(reference), { redirect: 'error', signal: inTime(signal) })
  if (!answer.ok || answer.body === null) throw new Error(await storageReason(answer))
  return Readable.fromWeb(answer.body)
}

async function putBySas(reference: SasReference, file: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(sasUrl(reference), {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob', 'Content-Length': String((await stat(file)).size) },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    duplex: 'half',
    redirect: 'error',
    signal: inTime(signal),
  })
  const text = await storageReason(answer)
  if (!answer.ok) throw new Error(text)
}

/** `403 AuthenticationFailed`: status and the storage service's error code. */
async function storageReason(answer: Response): Promise<string> {
  const code = answer.headers.get('x-ms-error-code') ?? answer.statusText
  await answer.arrayBuffer()
  return `${answer.status} ${code}`.trim()
}

/** Passes bytes on; fails when there are too many. */
function atMost(reference: BlobReference, maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      if (bytes <= maxBytes) return next(null, chunk)
      const reason = `it is larger than the ${maxBytes} bytes that are taken`
      next(new BlobUnavailable(shownReference(reference), reason))
    },
  })
}

async function explained<T>(reference: BlobReference, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BlobUnavailable) throw error
    throw new BlobUnavailable(shownReference(reference), reasonOf(error), error)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RestError && error.statusCode !== undefined)
    return `${error.statusCode} ${error.code ?? ''}`.trim()
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}

/** Splits a signed URL so that the parts concatenate to it: the base ends in `/`, the relative part has no leading one. */
function splitUrl(url: string, relativeLocation: string): ResultLocation {
  const mark = url.indexOf('?')
  const location = mark === -1 ? url : url.slice(0, mark)
  const depth = relativeLocation.split('/').length
  const parts = location.split('/')
  return {
    ConnectionString: null,
    RelativeLocation: parts.slice(-depth).join('/'),
    BaseLocation: `${parts.slice(0, -depth).join('/')}/`,
    SasBlobToken: mark === -1 ? '' : url.slice(mark),
  }
}
