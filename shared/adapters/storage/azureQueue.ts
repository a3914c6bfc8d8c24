import { type DequeuedMessageItem, QueueClient } from '@azure/storage-queue'
import type { MessageQueue, QueueMessage } from '../../lib/messageQueue.ts'
import { TerminalError } from '../../retraining/errors.ts'
import { type StorageConnection, urlWithin, wrongPartOf } from './connection.ts'
import { decodeMessage, encodeMessage } from './messageText.ts'
import { callDeadline, retryOptions, storageCall } from './storageError.ts'

const longestSeconds = 7 * 24 * 3_600
const forever = -1

/**
 * A queue of an Azure Storage account (or Azurite). Errors: `RetryableError` for what may pass.
 * Source: learn.microsoft.com/rest/api/storageservices/queue-service-rest-api.
 */
export function createAzureQueue(connection: StorageConnection, queueName: string): MessageQueue {
  const client = connect(connection, queueName)
  return {
    create: () =>
      storageCall(`create queue ${queueName}`, async () => {
        await client.createIfNotExists(options())
      }),
    send: (body, delaySeconds = 0) =>
      storageCall(`send a message to queue ${queueName}`, async () => {
        const visibilityTimeout = wholeSeconds(delaySeconds)
        const settings = { messageTimeToLive: forever, visibilityTimeout, ...options() }
        await client.sendMessage(encodeMessage(body), settings)
      }),
    receive: (count, visibilitySeconds) =>
      storageCall(`receive messages of queue ${queueName}`, async () => {
        const visibilityTimeout = Math.max(1, wholeSeconds(visibilitySeconds))
        const settings = { numberOfMessages: count, visibilityTimeout, ...options() }
        const { receivedMessageItems } = await client.receiveMessages(settings)
        return receivedMessageItems.map(messageOf)
      }),
    remove: (message) => removeMessage(client, message),
    hide: (message, seconds, body) => hideMessage(client, message, seconds, body),
    count: () =>
      storageCall(`count messages of queue ${queueName}`, async () => {
        return (await client.getProperties(options())).approximateMessagesCount ?? 0
      }),
  }
}

function connect(connection: StorageConnection, queueName: string): QueueClient {
  try {
    if (typeof connection === 'string') return new QueueClient(connection, queueName, { retryOptions })
    const url = urlWithin(connection.queueServiceUri, queueName)
    return new QueueClient(url, connection.credential, { retryOptions })
  } catch {
    throw new TerminalError(`Cannot use queue ${queueName}: ${wrongPartOf(connection)}`)
  }
}

function options() {
  return { abortSignal: callDeadline() }
}

function wholeSeconds(seconds: number): number {
  return Math.min(longestSeconds, Math.max(0, Math.ceil(seconds)))
}

function messageOf(item: DequeuedMessageItem): QueueMessage {
  const { messageId: id, popReceipt, dequeueCount, messageText } = item
  return { id, popReceipt, dequeueCount, ...decodeMessage(messageText) }
}

function removeMessage(client: QueueClient, message: QueueMessage): Promise<'removed' | 'gone'> {
  return storageCall<'removed' | 'gone'>(
    `remove message ${message.id} of queue ${client.name}`,
    async () => {
      await client.deleteMessage(message.id, message.popReceipt, options())
      return 'removed'
    },
    ({ code }) => (isGone(code) ? 'gone' : undefined),
  )
}

function hideMessage(
  client: QueueClient,
  message: QueueMessage,
  seconds: number,
  body: object | undefined,
): Promise<'hidden' | 'gone'> {
  const text = body === undefined ? undefined : encodeMessage(body)
  return storageCall<'hidden' | 'gone'>(
    `hide message ${message.id} of queue ${client.name}`,
    async () => {
      await client.updateMessage(message.id, message.popReceipt, text, wholeSeconds(seconds), options())
      return 'hidden'
    },
    ({ code }) => (isGone(code) ? 'gone' : undefined),
  )
}

/** Somebody else received or deleted the message. (A missing queue has a code of its own: `QueueNotFound`.) */
function isGone(code: string): boolean {
  return code === 'MessageNotFound' || code === 'PopReceiptMismatch'
}
