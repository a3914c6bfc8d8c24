import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type BlobClient, BlobSASPermissions, RestError } from '@azure/storage-blob'
import { createAccounts, openByAccount } from './accounts.ts'
import { type BlobReference, sasUrl, shownReference } from './blobReference.ts'
import { type OpenBlob, openBySas, putBySas } from './bySas.ts'

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
  /** Copies a blob into a file; throws {@link BlobUnavailable}, and {@link BlobRefused} before it is read, where its size is known. */
  download(reference: BlobReference, file: string, limits: DownloadLimits): Promise<void>
  /** Writes a file as a blob into a container that is there; throws {@link BlobUnavailable}. */
  upload(reference: BlobReference, file: string, limits?: TransferLimits): Promise<void>
  /** What the URLs of an account's blobs begin with, ending in `/`; by SAS, the given base. */
  baseLocation(reference: BlobReference): string
  /** Makes the container of the emulator's own outputs where it is missing. */
  ensureContainer(container: string): Promise<void>
  /** A read-only location of an output. One given by SAS has the client's own token: only an account key can sign. */
  locate(reference: BlobReference, validity: Validity): Promise<ResultLocation>
  /** A URL that a blob of the emulator's storage (`container/path`) can be written to. */
  uploadUrl(relativeLocation: string, validity: Validity): Promise<string>
}

/** When a transfer is called off. */
export type TransferLimits = { signal?: AbortSignal }

/** What is taken: `refuse` gets a blob's first bytes and answers why it is not, if so. */
export type DownloadLimits = TransferLimits & {
  maxBytes: number
  refuse?(beginning: Uint8Array): string | undefined
}

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

/** A blob that can be read, but is not taken: too large, or what it begins with. */
export class BlobRefused extends BlobUnavailable {}

/** Creates the door; `ownStorage` is the emulator's connection string. */
export function createBlobs(ownStorage: string): Blobs {
  const accounts = createAccounts(ownStorage)
  return {
    download: (reference, file, limits) =>
      explained(reference, async () => {
        const { signal = new AbortController().signal } = limits
        const blob =
          reference.kind === 'sas'
            ? await openBySas(reference, signal)
            : await openByAccount(accounts.blob(reference), signal)
        await save(blob, file, { ...limits, signal, shown: shownReference(reference) })
      }),
    upload: (reference, file, { signal = new AbortController().signal } = {}) =>
      explained(reference, async () => {
        if (reference.kind === 'sas') return putBySas(reference, file, signal)
        await accounts.blob(reference).getBlockBlobClient().uploadFile(file, { abortSignal: signal })
      }),
    baseLocation: (reference) =>
      reference.kind === 'sas' ? reference.baseLocation : accounts.baseLocation(reference),
    async ensureContainer(container) {
      await accounts.ownContainer(container).createIfNotExists()
    },
    async locate(reference, validity) {
      if (reference.kind === 'sas') return splitUrl(sasUrl(reference), reference.relativeLocation)
      const url = await signedUrl(accounts.blob(reference), 'r', validity)
      return splitUrl(url, reference.relativeLocation)
    },
    uploadUrl: (relativeLocation, validity) =>
      signedUrl(accounts.blob({ kind: 'own', relativeLocation }), 'cw', validity),
  }
}

function signedUrl(blob: BlobClient, permissions: 'r' | 'cw', validity: Validity): Promise<string> {
  return blob.generateSasUrl({
    permissions: BlobSASPermissions.parse(permissions),
    startsOn: new Date(validity.startsAtMs),
    expiresOn: new Date(validity.expiresAtMs),
  })
}

type SaveLimits = DownloadLimits & { signal: AbortSignal; shown: string }

/** Reads nothing of a blob that is known to be too large. */
async function save({ body, sizeBytes }: OpenBlob, file: string, limits: SaveLimits): Promise<void> {
  if (sizeBytes !== undefined && sizeBytes > limits.maxBytes) {
    body.destroy()
    throw new BlobRefused(limits.shown, `it has ${sizeBytes} bytes, ${limits.maxBytes} at most are taken`)
  }
  await pipeline(body, checked(limits), createWriteStream(file, { mode: 0o600 }), { signal: limits.signal })
}

/** Passes bytes on; fails at the first ones that are refused, and when there are too many. */
function checked({ maxBytes, refuse, shown }: SaveLimits): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      const refused = bytes === 0 ? refuse?.(chunk) : undefined
      if (refused !== undefined) return next(new BlobRefused(shown, refused))
      bytes += chunk.length
      if (bytes <= maxBytes) return next(null, chunk)
      next(new BlobRefused(shown, `it is larger than the ${maxBytes} bytes that are taken`))
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
