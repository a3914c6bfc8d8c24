import type { BlobMessage } from './blobMessage.ts'

/** What a call of the Event Grid webhook asks for. */
export type WebhookCall =
  | { kind: 'validate'; code: string }
  | { kind: 'notify'; messages: BlobMessage[] }
  | { kind: 'refused'; reason: string }

type GridEvent = {
  eventType?: string
  data?: { validationCode?: string; url?: string; eTag?: string; blobType?: string }
}

/**
 * Reads a call of `/runtime/webhooks/blobs`: the handshake of a new subscription, or events of written blobs. As in the real
 * host, neither the path pattern nor the ETag is looked at here. Pure. Source: functions-host.md 2.3.
 */
export function readWebhook(eventType: string | undefined, body: string, functionId: string): WebhookCall {
  const events = parseEvents(body)
  if (events === undefined) return { kind: 'refused', reason: 'the body is no array of events' }
  if (eventType === 'SubscriptionValidation') {
    const code = events[0]?.data?.validationCode
    return code === undefined
      ? { kind: 'refused', reason: 'there is no validationCode' }
      : { kind: 'validate', code }
  }
  if (eventType !== 'Notification')
    return { kind: 'refused', reason: `aeg-event-type is "${eventType ?? ''}"` }
  const messages = events.map((event) => messageOf(event, functionId))
  if (messages.every((message) => message !== undefined)) return { kind: 'notify', messages }
  return { kind: 'refused', reason: 'an event has no data.url of a blob' }
}

function parseEvents(body: string): GridEvent[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return Array.isArray(parsed) ? (parsed as GridEvent[]) : undefined
  } catch {
    return undefined
  }
}

function messageOf(event: GridEvent, functionId: string): BlobMessage | undefined {
  const { url, eTag = '', blobType = 'BlockBlob' } = event.data ?? {}
  if (url === undefined || !URL.canParse(url)) return undefined
  const { hostname, pathname } = new URL(url)
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent)
  // Addresses with the account in the path are the storage emulator's.
  if (/^(localhost|\d+\.\d+\.\d+\.\d+)$/.test(hostname)) parts.shift()
  const [containerName, ...rest] = parts
  if (containerName === undefined || rest.length === 0) return undefined
  const etag = eTag.replace(/^W\//, '').replaceAll('"', '')
  return { functionId, blobType, containerName, blobName: rest.join('/'), etag }
}
