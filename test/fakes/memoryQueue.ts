import type { MessageQueue, QueueMessage } from '../../shared/lib/messageQueue.ts'

type Held = { id: string; text: string; visibleAtMs: number; dequeueCount: number; receipt: number }

/** A message as a test looks at it, in order of when it gets visible. */
export type Seen = { body: unknown; visibleAtMs: number; dequeueCount: number }

/** A queue in memory: visibility, pop receipts and dequeue counts on the given clock. */
export function createMemoryQueue(clock: {
  now(): number
}): MessageQueue & { messages(): Seen[]; clear(): void; sendText(text: string): void } {
  let held: Held[] = []
  let ids = 0
  const add = (text: string, delaySeconds: number) => {
    const visibleAtMs = clock.now() + delaySeconds * 1000
    held.push({ id: `m${++ids}`, text, visibleAtMs, dequeueCount: 0, receipt: 0 })
  }
  const find = (message: QueueMessage) =>
    held.find(({ id, receipt }) => id === message.id && String(receipt) === message.popReceipt)
  const receiveOne = (message: Held, visibilitySeconds: number): QueueMessage => {
    message.visibleAtMs = clock.now() + visibilitySeconds * 1000
    message.dequeueCount++
    message.receipt++
    const { id, text, dequeueCount } = message
    return { id, popReceipt: String(message.receipt), body: parse(text), text, dequeueCount }
  }
  return {
    create: async () => undefined,
    send: async (body, delaySeconds = 0) => {
      const text = JSON.stringify(body)
      if (text.length > 1_024) throw new Error('Cannot send: a message has at most 1 KB')
      add(text, delaySeconds)
    },
    receive: async (count, visibilitySeconds) =>
      held
        .filter((message) => message.visibleAtMs <= clock.now())
        .slice(0, count)
        .map((message) => receiveOne(message, visibilitySeconds)),
    remove: async (message) => {
      const found = find(message)
      if (found === undefined) return 'gone'
      held = held.filter((other) => other !== found)
      return 'removed'
    },
    hide: async (message, seconds, body) => {
      const found = find(message)
      if (found === undefined) return 'gone'
      found.visibleAtMs = clock.now() + seconds * 1000
      found.receipt++
      if (body !== undefined) found.text = JSON.stringify(body)
      return 'hidden'
    },
    count: async () => held.length,
    messages: () =>
      held
        .map(({ text, visibleAtMs, dequeueCount }) => ({ body: parse(text), visibleAtMs, dequeueCount }))
        .sort((a, b) => a.visibleAtMs - b.visibleAtMs),
    clear: () => {
      held = []
    },
    sendText: (text) => add(text, 0),
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
