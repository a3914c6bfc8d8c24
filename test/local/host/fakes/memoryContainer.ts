import type { DataContainer } from '../../../../local/host/storage/dataContainer.ts'

/** A container in memory, whose pages hold two blobs. */
export type MemoryContainer = DataContainer & {
  put(name: string, etag: string, lastModifiedMs: number): void
}

/** An empty container. */
export function createMemoryContainer(name: string): MemoryContainer {
  const blobs = new Map<string, { name: string; etag: string; lastModifiedMs: number; blobType: string }>()
  return {
    account: 'account',
    name,
    put: (blobName, etag, lastModifiedMs) => {
      blobs.set(blobName, { name: blobName, etag, lastModifiedMs, blobType: 'BlockBlob' })
    },
    list: async (next) => {
      const from = next ?? ''
      const rest = [...blobs.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .filter((blob) => blob.name > from)
      const page = rest.slice(0, 2)
      return { blobs: page, next: rest.length > 2 ? page.at(-1)?.name : undefined }
    },
    etag: async (blobName) => blobs.get(blobName),
    read: async (blobName) => {
      const blob = blobs.get(blobName)
      if (blob === undefined) return undefined
      return {
        bytes: Buffer.from(blob.etag),
        uri: `memory://${name}/${blobName}`,
        properties: {},
        metadata: {},
      }
    },
    write: () => Promise.reject(new Error('Cannot write to a container in memory')),
  }
}
