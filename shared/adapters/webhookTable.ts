import { z } from 'zod'
import type { MessageQueue } from '../lib/messageQueue.ts'
import type { StoredRow, TableStore } from '../lib/tableStore.ts'
import { type Delivery, ownerName, type Webhook, type WebhookTrouble } from '../retraining/webhook.ts'
import type { WebhookStore } from '../retraining/webhookStore.ts'
import { webhook } from './lineageRows.ts'
import { createRowCodec } from './rowCodec.ts'

const trouble = z.object({
  url: z.string(),
  failures: z.int().min(0),
  untilAtMs: z.number(),
  reason: z.string(),
  disabledAtMs: z.number().optional(),
})

const delivery = z.object({
  id: z.string(),
  eventId: z.string(),
  customerId: z.string(),
  model: z.string(),
  target: z.enum(['model', 'fleet']),
  body: z.string(),
  attempts: z.int().min(0),
  createdAtMs: z.number(),
  dueAtMs: z.number(),
  lastReason: z.string().optional(),
  gaveUpAtMs: z.number().optional(),
})

const webhookCodec = createRowCodec<Webhook>('webhooks', webhook, [])
const troubleCodec = createRowCodec<WebhookTrouble>('webhooks trouble', trouble, [])
const deliveryCodec = createRowCodec<Delivery>('webhooks delivery', delivery, [])

const pageSize = 500
/** Queues hide a message for at most this long, in seconds: 7 days. */
const longestDelaySeconds = 604_800

/** The `webhooks` table: partitions `fleet` (one row), `trouble` (a row for each owner), `delivery` (a row for each event on its way). */
export function createWebhookTable(webhooks: TableStore, queue: MessageQueue): WebhookStore {
  return {
    ...createFleetWebhook(webhooks),
    ...createTroubles(webhooks),
    ...createDeliveries(webhooks),
    sendWebhookMessage: (message, delaySeconds) =>
      queue.send(message, Math.min(longestDelaySeconds, Math.max(0, Math.ceil(delaySeconds)))),
  }
}

function createFleetWebhook(
  webhooks: TableStore,
): Pick<WebhookStore, 'readFleetWebhook' | 'putFleetWebhook' | 'removeFleetWebhook'> {
  const keys = { partitionKey: 'fleet', rowKey: 'fleet' }
  return {
    async readFleetWebhook() {
      const row = await webhooks.get(keys.partitionKey, keys.rowKey)
      return row && webhookCodec.decode(row.cells)
    },
    putFleetWebhook: (value) => webhooks.put({ ...keys, cells: webhookCodec.encode(value) }),
    async removeFleetWebhook() {
      const row = await webhooks.get(keys.partitionKey, keys.rowKey)
      if (row === undefined) return 'absent'
      await webhooks.remove(keys.partitionKey, keys.rowKey, row.etag)
      return 'removed'
    },
  }
}

function createTroubles(
  webhooks: TableStore,
): Pick<WebhookStore, 'readTrouble' | 'putTrouble' | 'removeTrouble' | 'listTroubles'> {
  const partitionKey = 'trouble'
  return {
    async readTrouble(owner) {
      const row = await webhooks.get(partitionKey, ownerName(owner))
      return row && troubleCodec.decode(row.cells)
    },
    putTrouble: (owner, value) =>
      webhooks.put({ partitionKey, rowKey: ownerName(owner), cells: troubleCodec.encode(value) }),
    async removeTrouble(owner) {
      const row = await webhooks.get(partitionKey, ownerName(owner))
      if (row !== undefined) await webhooks.remove(partitionKey, row.rowKey, row.etag)
    },
    async listTroubles(next) {
      const page = await webhooks.list(
        partitionKey,
        {},
        next === undefined ? { size: 100 } : { size: 100, next },
      )
      const items = page.rows.map((row) => ({ ...troubleCodec.decode(row.cells), owner: row.rowKey }))
      return { items, next: page.next }
    },
  }
}

function createDeliveries(
  webhooks: TableStore,
): Pick<
  WebhookStore,
  'insertDelivery' | 'readDelivery' | 'swapDelivery' | 'removeDelivery' | 'listDeliveries'
> {
  const partitionKey = 'delivery'
  const stored = (row: StoredRow) => ({ value: deliveryCodec.decode(row.cells), etag: row.etag })
  return {
    insertDelivery: (value) =>
      webhooks.insert({ partitionKey, rowKey: value.id, cells: deliveryCodec.encode(value) }),
    async readDelivery(id) {
      const row = await webhooks.get(partitionKey, id)
      return row && stored(row)
    },
    async swapDelivery({ etag }, value) {
      const cells = deliveryCodec.encode(value)
      const outcome = await webhooks.replace({ partitionKey, rowKey: value.id, cells }, etag)
      return outcome === 'replaced' ? 'swapped' : 'changed'
    },
    async removeDelivery(id, etag) {
      await webhooks.remove(partitionKey, id, etag)
    },
    async listDeliveries(next) {
      const size = pageSize
      const page = await webhooks.list(partitionKey, {}, next === undefined ? { size } : { size, next })
      return { items: page.rows.map(stored), next: page.next }
    },
  }
}
