import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type BlobReference, sasUrl } from './blobReference.ts'

type SasReference = Extract<BlobReference, { kind: 'sas' }>

/** A blob that is being read; `sizeBytes` where the storage service says how long it is. */
export type OpenBlob = { body: Readable; sizeBytes: number | undefined }

/** Reads a blob by plain GET of base + relative + token; throws what the storage service said. */
export async function openBySas(reference: SasReference, signal: AbortSignal): Promise<OpenBlob> {
  const answer = await fetch(sasUrl(reference), { redirect: 'error', signal: inTime(signal) })
  if (!answer.ok || answer.body === null) throw new Error(await storageReason(answer))
  const length = answer.headers.get('content-length')
  return { body: Readable.fromWeb(answer.body), sizeBytes: length === null ? undefined : Number(length) }
}

/** Writes a file as a blob by plain PUT. */
export async function putBySas(reference: SasReference, file: string, signal: AbortSignal): Promise<void> {
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

/** A transfer by SAS ends after five minutes at the latest. */
function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(300_000)])
}
