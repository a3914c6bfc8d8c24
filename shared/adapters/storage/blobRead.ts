import type { Readable } from 'node:stream'
import type { ContainerClient } from '@azure/storage-blob'
import type { BlobFacts, BlobStore } from '../../lib/blobStore.ts'
import { RetryableError, TerminalError } from '../../retraining/errors.ts'
import { factsOf, quotedEtag } from './blobFacts.ts'
import { callDeadline, longestCallMs, type StorageAnswer, storageCall, storageError } from './storageError.ts'

type Opened = { kind: 'found'; facts: BlobFacts; body: Readable }
type Refused = { kind: 'missing' | 'changed' }

/** What is known of a blob; `undefined` when it is missing. */
export async function readFacts(client: ContainerClient, name: string): Promise<BlobFacts | undefined> {
  const answer = await storageCall<{ facts?: BlobFacts }>(
    `read the facts of blob ${name} of container ${client.containerName}`,
    async () => {
      const properties = await client.getBlobClient(name).getProperties({ abortSignal: callDeadline() })
      return { facts: factsOf(name, properties, properties.metadata) }
    },
    (refused) => (isMissing(refused) ? {} : undefined),
  )
  return answer.facts
}

/** The whole blob in memory; refuses (TerminalError) above `maxBytes`, before anything is read. */
export async function readBlob(
  client: ContainerClient,
  name: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const opened = await openBlob(client, name)
  if (opened.kind !== 'found') return undefined
  if (opened.facts.sizeBytes > maxBytes) {
    opened.body.destroy()
    throw new TerminalError(`Cannot read blob ${name}: it has more than ${maxBytes} bytes`)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(name, opened.body)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

/** The blob as a stream, if it still has this ETag. */
export async function streamBlob(
  client: ContainerClient,
  name: string,
  etag?: string,
): ReturnType<BlobStore['stream']> {
  const opened = await openBlob(client, name, etag)
  if (opened.kind === 'changed' && (await readFacts(client, name)) === undefined) return { kind: 'missing' }
  if (opened.kind !== 'found') return opened
  return { kind: 'found', facts: opened.facts, content: chunksOf(name, opened.body) }
}

async function openBlob(client: ContainerClient, name: string, etag?: string): Promise<Opened | Refused> {
  const conditions = etag === undefined ? {} : { ifMatch: quotedEtag(etag) }
  const deadline = createDeadline()
  return storageCall<Opened | Refused>(
    `read blob ${name} of container ${client.containerName}`,
    async () => {
      const settings = { abortSignal: deadline.signal, conditions }
      const download = await deadline.within(client.getBlobClient(name).download(0, undefined, settings))
      const body = download.readableStreamBody
      if (body === undefined) throw new Error('the answer has no body')
      return { kind: 'found', facts: factsOf(name, download, download.metadata), body: body as Readable }
    },
    (refused) => {
      if (isMissing(refused)) return { kind: 'missing' }
      return refused.status === 412 ? { kind: 'changed' } : undefined
    },
  )
}

/** The answer's head has to come in time; the body, which may be gigabytes, has its own clock in {@link chunksOf}. */
function createDeadline() {
  const controller = new AbortController()
  return {
    signal: controller.signal,
    async within<Answer>(answer: Promise<Answer>): Promise<Answer> {
      const timer = setTimeout(() => controller.abort(), longestCallMs)
      try {
        return await answer
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** Chunk by chunk; ends the download when the reader stops early, or when nothing comes for too long. */
async function* chunksOf(name: string, body: Readable): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  try {
    while (true) {
      const timer = setTimeout(
        () => body.destroy(new RetryableError(`Cannot read blob ${name}: it stalled`)),
        longestCallMs,
      )
      const next = await chunks.next().finally(() => clearTimeout(timer))
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw storageError(`read blob ${name}`, error)
  } finally {
    body.destroy()
  }
}

/**
 * A page of blobs in name order. Azurite knows no `startFrom`, but its markers are names that come before the page. Where a
 * service overlooks it, what comes before is left out here: that costs listings, but no blob.
 */
export function listBlobs(
  client: ContainerClient,
  prefix: string,
  page: { size: number; next?: string; from?: string },
): Promise<{ blobs: BlobFacts[]; next?: string }> {
  return storageCall(`list blobs of container ${client.containerName}`, async () => {
    const { next: token = isAzurite(client) ? page.from?.slice(0, -1) : undefined, from = '' } = page
    const isStart = from !== '' && token === undefined
    const pages = client
      .listBlobsFlat({
        ...{ prefix, includeMetadata: true, abortSignal: callDeadline() },
        ...(isStart && { startFrom: from }),
      })
      .byPage({
        maxPageSize: Math.min(page.size, 5000),
        ...(token !== undefined && { continuationToken: token }),
      })
    const found = await pages.next()
    if (found.done) return { blobs: [] }
    const { segment, continuationToken: next } = found.value
    const blobs = segment.blobItems
      .filter(({ name }) => name >= from)
      .map((item) => factsOf(item.name, item.properties, item.metadata))
    return next === undefined || next === '' ? { blobs } : { blobs, next }
  })
}

function isAzurite({ accountName }: ContainerClient): boolean {
  return accountName === 'devstoreaccount1'
}

/** The blob is missing. (A missing container has a code of its own: `ContainerNotFound`.) */
function isMissing({ status, code }: StorageAnswer): boolean {
  return status === 404 && !code.startsWith('Container')
}
