/** A message as it was received: invisible to others until its visibility runs out. */
export type QueueMessage = {
  id: string
  /** Changes with every receive and hide; an old one is refused. */
  popReceipt: string
  /** Base64 and JSON decoded; `undefined` when it is no JSON object (then `text` says what it is). */
  body: unknown
  text: string
  dequeueCount: number
}

/**
 * One queue of a storage account, as plain functions. Bodies are JSON objects under 1 KB, base64 on the wire
 * as the Functions host expects; time to live is never. The in-memory twin is `test/fakes/memoryQueue.ts`.
 */
export type MessageQueue = {
  /** Creates the queue where it is missing. */
  create(): Promise<void>
  /** Sends one message, invisible for `delaySeconds` (0 to 604,800). */
  send(body: object, delaySeconds?: number): Promise<void>
  /** At most `count` (1-32) visible messages, hidden from others for `visibilitySeconds`. */
  receive(count: number, visibilitySeconds: number): Promise<QueueMessage[]>
  /** `gone` when somebody else received or deleted it meanwhile. */
  remove(message: QueueMessage): Promise<'removed' | 'gone'>
  /** Puts the same message off for `seconds`, with a new body if given. */
  hide(message: QueueMessage, seconds: number, body?: object): Promise<'hidden' | 'gone'>
  /** About how many messages there are, hidden ones too. */
  count(): Promise<number>
}
