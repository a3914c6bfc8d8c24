import { createHash } from 'node:crypto'
import type { BlobFacts, BlobStore } from '../../shared/lib/blobStore.ts'
import { TerminalError } from '../../shared/retraining/errors.ts'

type Held = { facts: BlobFacts; bytes: Uint8Array }

/** One container in memory, on the given clock; ETags without quotes, MD5 of every content. */
export function createMemoryBlobs(
  container: string,
  clock: { now(): number },
): BlobStore & { putText(name: string, text: string): Promise<BlobFacts>; text(name: string): string } {
  const blobs = new Map<string, Held>()
  let version = 0
  const write = (name: string, bytes: Uint8Array, metadata: Readonly<Record<string, string>> = {}) => {
    const facts: BlobFacts = {
      name,
      etag: `0x${(++version).toString(16).toUpperCase()}`,
      sizeBytes: bytes.byteLength,
      md5: createHash('md5').update(bytes).digest('base64'),
      lastModifiedMs: Math.floor(clock.now() / 1000) * 1000,
      metadata,
    }
    blobs.set(name, { facts, bytes })
    return facts
  }
  return {
    container,
    create: async () => undefined,
    facts: async (name) => blobs.get(name)?.facts,
    read: async (name, maxBytes) => {
      const bytes = blobs.get(name)?.bytes
      if (bytes !== undefined && bytes.byteLength > maxBytes) {
        throw new TerminalError(`Cannot read blob ${name}: it has more than ${maxBytes} bytes`)
      }
      return bytes
    },
    stream: async (name, etag) => {
      const held = blobs.get(name)
      if (held === undefined) return { kind: 'missing' }
      if (etag !== undefined && held.facts.etag !== etag) return { kind: 'changed' }
      return { kind: 'found', facts: held.facts, content: chunksOf(held.bytes) }
    },
    createOnly: async (name, content, _contentType, metadata) => {
      if (blobs.has(name)) return 'exists'
      const bytes = await collect(content)
      if (blobs.has(name)) return 'exists'
      write(name, bytes, metadata)
      return 'created'
    },
    put: async (name, content) => write(name, await collect(content)),
    remove: async (name, etag) => {
      if (etag === undefined || blobs.get(name)?.facts.etag === etag) blobs.delete(name)
    },
    list: async (prefix, page) => {
      const names = [...blobs.keys()].filter((name) => name.startsWith(prefix)).sort()
      const after = names.filter((name) =>
        page.next === undefined ? name >= (page.from ?? '') : name > page.next,
      )
      const taken = after.slice(0, page.size)
      const found = taken.flatMap((name) => blobs.get(name)?.facts ?? [])
      const last = taken.at(-1)
      return after.length > taken.length && last !== undefined
        ? { blobs: found, next: last }
        : { blobs: found }
    },
    readOnlyReference: async (name, startsAtMs, expiresAtMs) => ({
      baseLocation: 'https://memory.blob.core.windows.net/',
      relativeLocation: `${container}/${name}`,
      sasBlobToken: `?st=${startsAtMs}&se=${expiresAtMs}&sp=r&sig=secret`,
    }),
    writeOnlyReference: async (name, startsAtMs, expiresAtMs) => ({
      baseLocation: 'https://memory.blob.core.windows.net/',
      relativeLocation: `${container}/${name}`,
      sasBlobToken: `?st=${startsAtMs}&se=${expiresAtMs}&sp=cw&sig=secret`,
    }),
    putText: async (name, text) => write(name, new TextEncoder().encode(text)),
    text: (name) => new TextDecoder().decode(blobs.get(name)?.bytes),
  }
}

async function* chunksOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

async function collect(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content.slice()
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}
