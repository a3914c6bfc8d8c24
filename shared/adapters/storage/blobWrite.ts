import { createHash, type Hash, randomUUID } from 'node:crypto'
import type {
  BlobUploadCommonResponse,
  BlockBlobClient,
  BlockBlobUploadOptions,
  ContainerClient,
} from '@azure/storage-blob'
import type { BlobFacts } from '../../lib/blobStore.ts'
import { factsOf } from './blobFacts.ts'
import { blocksOf } from './blocks.ts'
import { callDeadline, type StorageAnswer, storageCall } from './storageError.ts'

/** Content type and metadata of a blob, and whether one that is there stays as it is. */
export type WriteOptions = {
  contentType: string
  metadata: Readonly<Record<string, string>>
  onlyNew: boolean
}

/** One blob being written: its blocks are staged under ids of our own, and count from the commit on. */
type Write = {
  client: BlockBlobClient
  options: WriteOptions
  digest: Hash
  sizeBytes: number
  blockIds: string[]
  writer: string
}

const blockBytes = 4 * 1024 * 1024

/**
 * Writes a blob in constant memory: blocks are staged, and nothing is committed when `content` throws. With `onlyNew` the
 * answer is `exists` when there is one already; then `content` is read no further than its second block: whether there is
 * one is only asked before a first block is staged, since a small blob's one request says so itself.
 */
export async function writeBlob(
  container: ContainerClient,
  name: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<BlobFacts | 'exists'> {
  const client = container.getBlockBlobClient(name)
  const write: Write = {
    client,
    options,
    digest: createHash('md5'),
    sizeBytes: 0,
    blockIds: [],
    writer: randomUUID(),
  }
  let held: Uint8Array | undefined
  for await (const block of blocksOf(content, blockBytes)) {
    if (held !== undefined) {
      const isFirst = write.blockIds.length === 0
      if (isFirst && options.onlyNew && (await exists(client))) return 'exists'
      await stage(write, held)
    }
    held = block
    write.digest.update(block)
    write.sizeBytes += block.byteLength
  }
  return finish(write, held ?? new Uint8Array())
}

/**
 * A single block goes up in one request; several are committed as a list. Azurite takes blocks that an earlier writer
 * staged and never committed for a blob: then the list decides, which replaces them.
 */
async function finish(write: Write, last: Uint8Array): Promise<BlobFacts | 'exists'> {
  const md5 = write.digest.digest()
  if (write.blockIds.length === 0) {
    const uploaded = await send(write, md5, (settings) =>
      write.client.upload(last, last.byteLength, settings),
    )
    if (uploaded !== 'exists' || (await exists(write.client))) return uploaded
  }
  await stage(write, last)
  return send(write, md5, (settings) => write.client.commitBlockList(write.blockIds, settings))
}

function send(
  write: Write,
  md5: Uint8Array,
  commit: (settings: BlockBlobUploadOptions) => Promise<BlobUploadCommonResponse>,
): Promise<BlobFacts | 'exists'> {
  const { client, options, sizeBytes } = write
  const settings = {
    abortSignal: callDeadline(),
    blobHTTPHeaders: { blobContentType: options.contentType, blobContentMD5: md5 },
    metadata: { ...options.metadata },
    ...(options.onlyNew ? { conditions: { ifNoneMatch: '*' } } : {}),
  }
  return storageCall<BlobFacts | 'exists'>(
    `write blob ${client.name} of container ${client.containerName}`,
    async () => {
      const { etag, lastModified } = await commit(settings)
      const properties = { etag, lastModified, contentLength: sizeBytes, contentMD5: md5 }
      return factsOf(client.name, properties, options.metadata)
    },
    (answer) => (options.onlyNew && isTaken(answer) ? 'exists' : undefined),
  )
}

function stage(write: Write, block: Uint8Array): Promise<unknown> {
  const { client, blockIds, writer } = write
  const id = Buffer.from(`${writer}-${String(blockIds.length).padStart(6, '0')}`).toString('base64')
  blockIds.push(id)
  return storageCall(`write blob ${client.name} of container ${client.containerName}`, () =>
    client.stageBlock(id, block, block.byteLength, { abortSignal: callDeadline() }),
  )
}

function exists(client: BlockBlobClient): Promise<boolean> {
  return storageCall(`look for blob ${client.name} of container ${client.containerName}`, () =>
    client.exists({ abortSignal: callDeadline() }),
  )
}

/** There is one: by the condition, or because its commit threw our staged blocks away. */
function isTaken({ status, code }: StorageAnswer): boolean {
  return code === 'BlobAlreadyExists' || code === 'InvalidBlockList' || status === 412
}
