import type { Clock } from '../clock.ts'
import { type HostLog, reasonOf } from '../log.ts'
import type { QueueItem, QueueStore } from './queueStore.ts'

/** What handling a message needs. `run` answers whether the function succeeded; `decode` is `undefined` for a bad text. */
export type ProcessPorts = {
  queue: QueueStore
  /** Where a message goes that can't be handled; none for a queue that is a poison queue itself. */
  poison: QueueStore | undefined
  decode(text: string): string | undefined
  run(text: string, item: QueueItem): Promise<boolean>
  clock: Clock
  log: HostLog
}

/** `visibilityMs` after a failed attempt, `leaseSeconds` while it runs, and how many attempts there are. */
export type ProcessRules = { maxDequeueCount: number; visibilityMs: number; leaseSeconds: number }

/** What a received message is good for: `tooOften` and `undecodable` ones go to the poison queue without a run. Pure. */
export function judgeArrival(
  dequeueCount: number,
  isDecoded: boolean,
  rules: ProcessRules,
  hasPoison: boolean,
) {
  if (!isDecoded) return 'undecodable'
  return dequeueCount > rules.maxDequeueCount && hasPoison ? 'tooOften' : 'run'
}

/**
 * Handles one received message: runs it under a lease that is renewed at half, then deletes it, hides it for another
 * attempt, or moves it to the poison queue. Source: QueueProcessor (functions-host.md 2.1).
 */
export async function processItem(
  ports: ProcessPorts,
  rules: ProcessRules,
  received: QueueItem,
): Promise<void> {
  const item = { ...received }
  const text = ports.decode(item.text)
  const verdict = judgeArrival(item.dequeueCount, text !== undefined, rules, ports.poison !== undefined)
  if (text === undefined || verdict !== 'run') {
    ports.log.error(`Message ${item.id} of ${ports.queue.name} is not run: ${reasons[verdict]}`)
    return moveToPoison(ports, item)
  }
  if (await runUnderLease(ports, rules, item, text)) return removeItem(ports, item)
  if (ports.poison !== undefined && item.dequeueCount >= rules.maxDequeueCount)
    return moveToPoison(ports, item)
  if (ports.poison === undefined) return
  await ports.queue.hide(item, Math.round(rules.visibilityMs / 1000))
}

const reasons = {
  undecodable: 'it is not encoded as host.json says (extensions.queues.messageEncoding)',
  tooOften: 'it was received too often',
  run: '',
}

/** `item` keeps the latest receipt. */
async function runUnderLease(
  ports: ProcessPorts,
  rules: ProcessRules,
  item: QueueItem,
  text: string,
): Promise<boolean> {
  const over = new AbortController()
  const renewing = keepLease(ports, item, rules.leaseSeconds, over.signal)
  try {
    return await ports.run(text, item)
  } finally {
    over.abort()
    await renewing
  }
}

const leastRetryMs = 60_000

async function keepLease(
  ports: ProcessPorts,
  item: QueueItem,
  leaseSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = leaseSeconds * 500
  for (;;) {
    await ports.clock.after(waitMs, signal)
    if (signal.aborted) return
    try {
      const hidden = await ports.queue.hide(item, leaseSeconds)
      if (hidden === 'gone') return ports.log.warn(`Message ${item.id} of ${ports.queue.name} lost its lease`)
      item.popReceipt = hidden.popReceipt
      waitMs = leaseSeconds * 500
    } catch (thrown) {
      ports.log.warn(`Cannot renew the lease of message ${item.id}: ${reasonOf(thrown)}`)
      waitMs = Math.min(leastRetryMs, leaseSeconds * 500)
    }
  }
}

async function moveToPoison(ports: ProcessPorts, item: QueueItem): Promise<void> {
  if (ports.poison === undefined) return
  await ports.poison.send(item.text)
  ports.log.error(`Message ${item.id} of ${ports.queue.name} was moved to ${ports.poison.name}`)
  await removeItem(ports, item)
}

async function removeItem(ports: ProcessPorts, item: QueueItem): Promise<void> {
  if ((await ports.queue.remove(item)) === 'gone') {
    ports.log.warn(`Message ${item.id} of ${ports.queue.name} was received by somebody else meanwhile`)
  }
}
