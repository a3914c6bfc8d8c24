import { createHash } from 'node:crypto'
import type { BlobStore } from '../lib/blobStore.ts'
import { RetryableError, TerminalError } from '../retraining/errors.ts'

/** What was written or is there: bytes, and the SHA-256 of them in hex. */
export type Measured = { sizeBytes: number; sha256: string }

type Content = AsyncIterable<Uint8Array>

/** Where a blob is written, its media type, and the most bytes it may have. */
export type Target = { blobs: BlobStore; name: string; type: string; maxBytes: number }

/**
 * Writes a blob that is not there yet, hashing what flows through. One that is there already, from an earlier try, is whole,
 * since a blob is committed at its end: it is read and measured instead.
 */
export async function createMeasured(target: Target, open: () => Promise<Content>): Promise<Measured> {
  const meter = createMeter(target)
  const created = await target.blobs.createOnly(target.name, meter.through(await open()), target.type)
  return created === 'created' ? meter.total() : measureBlob(target)
}

/** Reads a blob to its end for its size and hash. */
export async function measureBlob(target: Omit<Target, 'type'>): Promise<Measured> {
  const found = await target.blobs.stream(target.name)
  if (found.kind !== 'found') throw new RetryableError(`Cannot read ${target.name}: it is missing`)
  const meter = createMeter(target)
  for await (const _chunk of meter.through(found.content));
  return meter.total()
}

/** Counts and hashes what flows through; refuses what is larger than `maxBytes`. */
function createMeter({ name, maxBytes }: Omit<Target, 'type'>) {
  const digest = createHash('sha256')
  let sizeBytes = 0
  return {
    async *through(content: Content): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        sizeBytes += chunk.byteLength
        if (sizeBytes > maxBytes) {
          throw new TerminalError(`Cannot keep ${name}: it has more than ${maxBytes} bytes`)
        }
        digest.update(chunk)
        yield chunk
      }
    },
    total: () => ({ sizeBytes, sha256: digest.digest('hex') }),
  }
}
