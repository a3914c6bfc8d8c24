import type { RpcData } from '../worker/protocol.ts'
import type { QueueItem } from './queueStore.ts'

/**
 * What a queue function gets for a message: its text, and the metadata with each property of a JSON object, which hides what
 * the host would say under the same name (any case). Pure.
 */
export function queueCall(
  text: string,
  item: QueueItem,
): { data: RpcData; metadata: Record<string, RpcData> } {
  const at = (ms: number) => ({ json: JSON.stringify(new Date(ms).toISOString().replace('Z', '+00:00')) })
  const properties = propertiesOf(text)
  const hidden = new Set(Object.keys(properties).map((name) => name.toLowerCase()))
  const own: Record<string, RpcData> = {
    QueueTrigger: { string: text },
    Id: { string: item.id },
    PopReceipt: { string: item.popReceipt },
    DequeueCount: { json: String(item.dequeueCount) },
    InsertionTime: at(item.insertedAtMs),
    ExpirationTime: at(item.expiresAtMs),
    NextVisibleTime: at(item.nextVisibleAtMs),
  }
  const shown = Object.entries(own).filter(([name]) => !hidden.has(name.toLowerCase()))
  return { data: { string: text }, metadata: { ...Object.fromEntries(shown), ...properties } }
}

function propertiesOf(text: string): Record<string, RpcData> {
  const parsed = parse(text)
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return {}
  return Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [
      name,
      typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) },
    ]),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The poison queue of a queue; none for a poison queue itself or where the name would be too long. Pure. */
export function poisonQueueName(queueName: string): string | undefined {
  const name = `${queueName}-poison`
  return queueName.endsWith('-poison') || name.length > 63 ? undefined : name
}
