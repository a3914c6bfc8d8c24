import type { Clock } from '../clock.ts'
import { type HostLog, reasonOf } from '../log.ts'
import { nextPollingMs } from './pollingInterval.ts'
import type { QueueItem, QueueStore } from './queueStore.ts'

/** What listening needs; `handle` must not throw for what the function does. `random` is 0 to 1. */
export type ListenerPorts = {
  queue: QueueStore
  handle(item: QueueItem): Promise<void>
  clock: Clock
  random(): number
  log: HostLog
}

/** How much is fetched at once, and when again: at most `newBatchThreshold` messages are left in work by then. */
export type ListenerRules = {
  batchSize: number
  newBatchThreshold: number
  maxPollingMs: number
  leaseSeconds: number
}

/** A listener that runs until its signal aborts; `ended` settles when all it had fetched is handled. */
export type QueueListener = { wake(): void; ended: Promise<void> }

/** Fetches and handles the messages of a queue until `signal` aborts. A queue that is missing is asked for again. */
export function listenToQueue(
  ports: ListenerPorts,
  rules: ListenerRules,
  signal: AbortSignal,
): QueueListener {
  const inWork = new Set<Promise<void>>()
  const alarm = createAlarm(ports.clock, signal)
  const start = (item: QueueItem) => {
    const work = ports.handle(item).catch((thrown) => {
      ports.log.error(`Cannot handle message ${item.id} of ${ports.queue.name}: ${reasonOf(thrown)}`)
    })
    const done: Promise<void> = work.finally(() => inWork.delete(done))
    inWork.add(done)
  }
  const ended = (async () => {
    let waitMs = 0
    while (!signal.aborted) {
      const items = await receive(ports, rules)
      if (signal.aborted) await Promise.all(items.map((item) => giveBack(ports, item)))
      else for (const item of items) start(item)
      waitMs = items.length > 0 ? 0 : nextPollingMs(waitMs, rules.maxPollingMs, ports.random())
      if (waitMs > 0) await alarm.sleep(waitMs)
      while (inWork.size > rules.newBatchThreshold) await Promise.race(inWork)
    }
    await Promise.all(inWork)
  })()
  return { wake: alarm.wake, ended }
}

async function receive(ports: ListenerPorts, rules: ListenerRules): Promise<QueueItem[]> {
  try {
    const items = await ports.queue.receive(rules.batchSize, rules.leaseSeconds)
    return items === 'missing' ? [] : items
  } catch (thrown) {
    ports.log.warn(`Cannot receive from ${ports.queue.name}: ${reasonOf(thrown)}`)
    return []
  }
}

/** A message that came while the host stops is for somebody else. */
async function giveBack(ports: ListenerPorts, item: QueueItem): Promise<void> {
  try {
    await ports.queue.hide(item, 0)
  } catch (thrown) {
    ports.log.warn(`Cannot give message ${item.id} of ${ports.queue.name} back: ${reasonOf(thrown)}`)
  }
}

/** A sleep that `wake` ends early, and `signal` too. */
function createAlarm(clock: Clock, signal: AbortSignal): { wake(): void; sleep(ms: number): Promise<void> } {
  let ring = new AbortController()
  let isAwake = false
  signal.addEventListener('abort', () => ring.abort(), { once: true })
  return {
    wake: () => {
      isAwake = true
      ring.abort()
    },
    sleep: async (ms) => {
      if (!isAwake && !signal.aborted) await clock.after(ms, ring.signal)
      isAwake = false
      ring = new AbortController()
    },
  }
}
