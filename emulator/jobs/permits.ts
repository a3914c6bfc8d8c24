/** Hands out, per endpoint, as many permits to run as it may have; the rest wait in order. */
export type Permits = {
  /** Calls `granted` now or later; answers how to leave the queue or give the permit back. Safe to call twice. */
  request(endpointId: string, granted: () => void): () => void
  /** Jobs that have a permit. */
  inUse(endpointId: string): number
}

type Queue = { inUse: number; waiting: { granted: () => void }[] }

/** Permits for `limit` jobs an endpoint (40: contract section 7). */
export function createPermits(limit: number): Permits {
  const queues = new Map<string, Queue>()
  const fill = (endpointId: string, queue: Queue) => {
    while (queue.inUse < limit && queue.waiting.length > 0) {
      queue.inUse++
      queue.waiting.shift()?.granted()
    }
    if (queue.inUse === 0 && queue.waiting.length === 0) queues.delete(endpointId)
  }
  return {
    request(endpointId, granted) {
      const queue = queues.get(endpointId) ?? { inUse: 0, waiting: [] }
      queues.set(endpointId, queue)
      const entry = { granted }
      let released = false
      queue.waiting.push(entry)
      fill(endpointId, queue)
      return () => {
        if (released) return
        released = true
        const place = queue.waiting.indexOf(entry)
        if (place === -1) queue.inUse--
        else queue.waiting.splice(place, 1)
        fill(endpointId, queue)
      }
    },
    inUse: (endpointId) => queues.get(endpointId)?.inUse ?? 0,
  }
}
