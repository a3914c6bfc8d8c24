import type { StateBlobs } from '../../../../local/host/storage/stateBlobs.ts'

type Stored = { text: string; metadata: Record<string, string>; leaseId: string; leasedUntilMs: number }

/** State blobs in memory, on a clock of the test's own. `blobs` is what is there. */
export type MemoryState = StateBlobs & { blobs: Map<string, Stored> }

/** No blobs yet. */
export function createMemoryState(now: () => number): MemoryState {
  const blobs = new Map<string, Stored>()
  let count = 0
  const isLeased = (blob: Stored, id?: string) => blob.leasedUntilMs > now() && blob.leaseId !== id
  const fresh = (text: string, metadata: Record<string, string>): Stored => ({
    ...{ text, metadata, leaseId: '', leasedUntilMs: 0 },
  })
  return {
    blobs,
    read: async (name) => blobs.get(name),
    write: async (name, text, lease) => {
      const blob = blobs.get(name)
      if (blob !== undefined && isLeased(blob, lease?.id)) throw new Error(`${name} is leased`)
      blobs.set(name, { ...fresh(text, {}), ...(blob === undefined ? {} : { ...blob, text }) })
    },
    create: async (name, metadata) => {
      if (blobs.has(name)) return 'exists'
      blobs.set(name, fresh('', metadata))
      return 'created'
    },
    setMetadata: async (name, metadata, lease) => {
      const blob = blobs.get(name)
      if (blob === undefined || isLeased(blob, lease.id)) throw new Error(`${name} is leased`)
      blob.metadata = metadata
    },
    lease: async (name, seconds) => {
      const blob = blobs.get(name)
      if (blob === undefined || isLeased(blob)) return undefined
      const id = String(++count)
      const take = () => Object.assign(blob, { leaseId: id, leasedUntilMs: now() + seconds * 1000 })
      take()
      const isMine = () => blob.leaseId === id
      return {
        id,
        renew: async () => isMine() && take() !== undefined,
        release: async () => void (isMine() && Object.assign(blob, { leasedUntilMs: 0 })),
      }
    },
  }
}
