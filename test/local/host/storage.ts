import { randomUUID } from 'node:crypto'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { inject } from 'vitest'

/** A name that no other test uses; fits queues, containers and host ids. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 12)}`
}

/** A queue of the shared storage, made for one test; texts are base64 on the wire. */
export async function makeQueue(prefix: string) {
  const queue = QueueServiceClient.fromConnectionString(inject('storage')).getQueueClient(unique(prefix))
  await queue.create()
  return queue
}

/** A queue of the shared storage by name. */
export function queueNamed(name: string) {
  return QueueServiceClient.fromConnectionString(inject('storage')).getQueueClient(name)
}

/** A container of the shared storage, made for one test. */
export async function makeContainer(prefix: string) {
  const container = containerNamed(unique(prefix))
  await container.create()
  return container
}

/** A container of the shared storage by name. */
export function containerNamed(name: string) {
  return BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient(name)
}

/** Base64, as queue messages are on the wire. */
export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

/** The texts of the messages that lie visible in a queue, without taking them; none when it is missing. */
export async function peek(name: string): Promise<string[]> {
  const queue = queueNamed(name)
  if (!(await queue.exists())) return []
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 })
  return peekedMessageItems.map(({ messageText }) => messageText)
}
