import type { QueueItem, QueueStore } from '../../../../local/host/queue/queueStore.ts'

/** A queue in memory, on a clock of the test's own. */
export type MemoryQueue = QueueStore & {
  /** What lies in it, hidden or not. */
  items: { text: string; dequeueCount: number; visibleAtMs: number }[]
}

/** An empty queue. `isMissing`: as if nobody had created it yet. */
export function createMemoryQueue(name: string, now: () => number): MemoryQueue {
  type Stored = MemoryQueue['items'][number] & { id: string; popReceipt: string }
  const items: Stored[] = []
  let count = 0
  const held = (item: QueueItem) =>
    items.find(({ id, popReceipt }) => id === item.id && popReceipt === item.popReceipt)
  return {
    name,
    items,
    send: async (text) => {
      items.push({ id: String(++count), popReceipt: '', text, dequeueCount: 0, visibleAtMs: now() })
    },
    count: async () => items.length,
    receive: async (most, seconds) =>
      items
        .filter(({ visibleAtMs }) => visibleAtMs <= now())
        .slice(0, most)
        .map((stored) => {
          stored.dequeueCount++
          stored.popReceipt = String(++count)
          stored.visibleAtMs = now() + seconds * 1000
          const { id, popReceipt, text, dequeueCount, visibleAtMs } = stored
          const times = { insertedAtMs: 0, expiresAtMs: 0, nextVisibleAtMs: visibleAtMs }
          return { id, popReceipt, text, dequeueCount, ...times }
        }),
    hide: async (item, seconds) => {
      const stored = held(item)
      if (stored === undefined) return 'gone'
      stored.popReceipt = String(++count)
      stored.visibleAtMs = now() + seconds * 1000
      return { popReceipt: stored.popReceipt }
    },
    remove: async (item) => {
      const stored = held(item)
      if (stored === undefined) return 'gone'
      items.splice(items.indexOf(stored), 1)
      return 'removed'
    },
  }
}
