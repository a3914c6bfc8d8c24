import type { StateBlobs } from '../storage/stateBlobs.ts'
import { type BlobMessage, encodeBlobMessage } from './blobMessage.ts'

/** What telling of a blob needs: the receipts, and the internal queue. */
export type NotifyPorts = { state: StateBlobs; hostId: string; enqueue(text: string): Promise<void> }

const receiptLeaseSeconds = 30

/**
 * Puts a version of a blob into the internal queue for one function, once: a receipt says that it was. `busy`: another host
 * does so right now; ask again later. Source: BlobTriggerExecutor, BlobReceiptManager (functions-host.md 2.2).
 */
export async function notifyOnce(
  ports: NotifyPorts,
  message: BlobMessage,
): Promise<'notified' | 'known' | 'busy'> {
  const name = receiptName(ports.hostId, message)
  const isNew = (await ports.state.create(name, { Incomplete: '1' })) === 'created'
  if (!isNew && (await isComplete(ports.state, name))) return 'known'
  const lease = await ports.state.lease(name, receiptLeaseSeconds)
  if (lease === undefined) return 'busy'
  try {
    if (await isComplete(ports.state, name)) return 'known'
    await ports.enqueue(encodeBlobMessage(message))
    await ports.state.setMetadata(name, {}, lease)
    return 'notified'
  } finally {
    await lease.release()
  }
}

async function isComplete(state: StateBlobs, name: string): Promise<boolean> {
  const receipt = await state.read(name)
  if (receipt === undefined) return false
  return !Object.keys(receipt.metadata).some((key) => key.toLowerCase() === 'incomplete')
}

/** Where the receipt of a version lies in `azure-webjobs-hosts`. Pure. */
export function receiptName(hostId: string, message: BlobMessage): string {
  const { functionId, etag, containerName, blobName } = message
  return `blobreceipts/${hostId}/${functionId}/"${etag}"/${containerName}/${blobName}`
}
