import type { QueueServiceClient } from '@azure/storage-queue'
import type { QueueItem, QueueStore } from '../queue/queueStore.ts'

const neverExpires = -1

/** A queue of a storage account. Messages that are sent never expire. */
export function azureQueue(service: QueueServiceClient, name: string): QueueStore {
  const client = service.getQueueClient(name)
  return {
    name,
    receive: async (count, seconds) => {
      const found = await unless('QueueNotFound', () =>
        client.receiveMessages({ numberOfMessages: count, visibilityTimeout: seconds }),
      )
      return found === undefined ? 'missing' : found.receivedMessageItems.map(toItem)
    },
    hide: async (item, seconds) => {
      const updated = await unlessGone(() =>
        client.updateMessage(item.id, item.popReceipt, undefined, seconds),
      )
      return updated === undefined ? 'gone' : { popReceipt: updated.popReceipt ?? item.popReceipt }
    },
    remove: async (item) => {
      const removed = await unlessGone(() => client.deleteMessage(item.id, item.popReceipt))
      return removed === undefined ? 'gone' : 'removed'
    },
    send: async (text) => {
      const sent = await unless('QueueNotFound', () =>
        client.sendMessage(text, { messageTimeToLive: neverExpires }),
      )
      if (sent !== undefined) return
      await client.createIfNotExists()
      await client.sendMessage(text, { messageTimeToLive: neverExpires })
    },
    count: async () => {
      const found = await unless('QueueNotFound', () => client.getProperties())
      return found?.approximateMessagesCount ?? 0
    },
  }
}

type Received = Awaited<
  ReturnType<ReturnType<QueueServiceClient['getQueueClient']>['receiveMessages']>
>['receivedMessageItems'][number]

function toItem(message: Received): QueueItem {
  return {
    id: message.messageId,
    popReceipt: message.popReceipt,
    text: message.messageText,
    dequeueCount: message.dequeueCount,
    insertedAtMs: message.insertedOn.getTime(),
    expiresAtMs: message.expiresOn.getTime(),
    nextVisibleAtMs: message.nextVisibleOn.getTime(),
  }
}

/** The code of a refusal by the storage service (`QueueNotFound`), or `undefined` for any other failure. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'RestError') return undefined
  const { code, details } = thrown as Error & { code?: string; details?: { errorCode?: string } }
  return details?.errorCode ?? code
}

async function unless<Answer>(code: string, call: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call()
  } catch (thrown) {
    if (codeOf(thrown) === code) return undefined
    throw thrown
  }
}

async function unlessGone<Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> {
  return unless('PopReceiptMismatch', () => unless('MessageNotFound', call))
}
