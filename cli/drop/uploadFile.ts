import { createReadStream } from 'node:fs'
import { BlockBlobClient } from '@azure/storage-blob'
import { CliError, exitCodes } from '../errors.ts'
import type { DropFile } from './checkFile.ts'

/** A write-only URL of one new blob, and when it ends to be one (ISO). The URL is a secret: never shown. */
export type Upload = { name: string; url: string; expiresAt: string }

/** What an upload needs: a fresh URL of the same blob, the clock, how far it is (bytes since the last call), and Ctrl-C. */
export type UploadPorts = {
  renew(name: string): Promise<Upload>
  now(): number
  sent(bytes: number): void
  signal: AbortSignal
}

const mostBlocks = 50_000
const leastBlockBytes = 4 * 1024 * 1024
const renewBeforeMs = 5 * 60_000

/**
 * Uploads a file of any size in blocks, straight to storage, in constant memory. The blob appears whole, at the end; a URL
 * that is about to end is replaced. Source: Put Block List (learn.microsoft.com/rest/api/storageservices/put-block-list).
 */
export async function uploadFile(ports: UploadPorts, file: DropFile, offered: Upload): Promise<void> {
  try {
    await sendBlocks(ports, file, offered)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError(`Cannot upload ${file.path}: ${reasonOf(cause)}`, exitCodes.failed, { cause })
  }
}

async function sendBlocks(ports: UploadPorts, file: DropFile, offered: Upload): Promise<void> {
  const blockBytes = blockBytesOf(file.sizeBytes)
  const ids: string[] = []
  let upload = offered
  for (let start = 0; start < file.sizeBytes; start += blockBytes) {
    const length = Math.min(blockBytes, file.sizeBytes - start)
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64')
    if (Date.parse(upload.expiresAt) - ports.now() < renewBeforeMs) upload = await ports.renew(upload.name)
    const read = () => createReadStream(file.path, { start, end: start + length - 1 })
    await new BlockBlobClient(upload.url).stageBlock(id, read, length, { abortSignal: ports.signal })
    ids.push(id)
    ports.sent(length)
  }
  await new BlockBlobClient(upload.url).commitBlockList(ids, {
    blobHTTPHeaders: { blobContentType: 'text/csv' },
    conditions: { ifNoneMatch: '*' },
    abortSignal: ports.signal,
  })
}

/** The size of a block: as small as 50,000 of them allow, that a lost connection costs little. Pure. */
export function blockBytesOf(sizeBytes: number): number {
  return Math.max(leastBlockBytes, Math.ceil(sizeBytes / mostBlocks))
}

/** What storage answered, by its code: its texts and the URL stay out, as the URL holds the SAS. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const { code, statusCode } = cause as Error & { code?: string; statusCode?: number }
  if (code === 'ENOENT' || code === 'EACCES') return `the file can't be read (${code})`
  const answered = [statusCode, code].filter((part) => part !== undefined).join(' ')
  return answered === '' ? 'storage does not take it' : `storage answered ${answered}`
}
