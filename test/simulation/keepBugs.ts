import type { Bug } from './bugs.ts'

/** Retention takes the last generation for made of its own drops alone: copies of earlier ones, which it joined, are of no use. */
export const joinedSetsForgotten: Bug = (ports, invocation) => {
  if (!invocation.id.includes(' retention#')) return ports
  return {
    ...ports,
    async readManifest(key, name) {
      return { ...(await ports.readManifest(key, name)), earlier: [], leftOut: [] }
    },
  }
}

/** For retention what was live once is no more than any other: its model goes when its time is over. */
export const liveModelOutlived: Bug = (ports, invocation) => {
  if (!invocation.id.includes(' retention#')) return ports
  const heads = new Map<string, Awaited<ReturnType<typeof ports.readHead>>>()
  return {
    ...ports,
    async readHead(key) {
      const stored = await ports.readHead(key)
      if (stored === undefined) return undefined
      heads.set(stored.etag, stored)
      return { ...stored, value: { lastGeneration: stored.value.lastGeneration, floor: 0 } }
    },
    async readRuns(...page) {
      return (await ports.readRuns(...page)).map((run) => ({ ...run, liveAtMs: undefined }))
    },
    commit(key, { head, ...changes }) {
      const value = heads.get(head?.etag ?? '')?.value
      const kept = head !== undefined && value !== undefined ? { ...head, value } : head
      return ports.commit(key, kept === undefined ? changes : { ...changes, head: kept })
    },
  }
}
