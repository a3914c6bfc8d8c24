import { expect, test } from 'vitest'
import { createJoinedSets } from '../../../shared/adapters/joinedSets.ts'
import type { BlobStore } from '../../../shared/lib/blobStore.ts'
import { createMemoryBlobs } from '../../fakes/memoryBlobs.ts'
import { createVirtualClock } from '../../fakes/virtualClock.ts'

const chunkBytes = 64 * 1024
const chunksOfSource = 60
const line = `${'9'.repeat(127)}\n`

test('sets are joined as they flow: what was read and not yet written stays the same, however much there is', async () => {
  const counted = { read: 0, written: 0, most: 0 }
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let chunk = 0; chunk < chunksOfSource; chunk++) {
      counted.read += chunkBytes
      counted.most = Math.max(counted.most, counted.read - counted.written)
      yield new TextEncoder().encode(line.repeat(chunkBytes / line.length))
    }
  }
  const memory = createMemoryBlobs('training-sets', createVirtualClock())
  const facts = { name: 'x', etag: 'e', sizeBytes: 1, lastModifiedMs: 0, metadata: {} }
  const blobs: BlobStore = {
    ...memory,
    stream: async () => ({ kind: 'found', facts, content: source() }),
    async createOnly(name, content, contentType) {
      for await (const chunk of content as AsyncIterable<Uint8Array>) counted.written += chunk.byteLength
      return memory.createOnly(name, new Uint8Array(1), contentType)
    },
  }
  const key = { customerId: 'contoso', model: 'census', generation: 1 }
  const sources = ['1', '2', '3'].map((name) => `contoso/census/drops/${name}.csv`)
  const joined = await createJoinedSets(blobs, 1024 ** 3).joinSet(key, sources)
  expect(joined.kind).toBe('joined')
  expect(counted.read).toBe(3 * chunksOfSource * chunkBytes)
  expect(counted.written).toBe(counted.read - 2 * line.length)
  expect(counted.most).toBeLessThan(1024 * 1024)
})
