/** A message as it was received: hidden from others until its lease runs out. `text` is as it lies in the queue. */
export type QueueItem = {
  id: string
  /** Changes with every receive and hide; an old one is refused. */
  popReceipt: string
  text: string
  dequeueCount: number
  insertedAtMs: number
  expiresAtMs: number
  nextVisibleAtMs: number
}

/** One queue, as the host uses it. In memory for tests: `test/local/host/fakes/memoryQueue.ts`. */
export type QueueStore = {
  name: string
  /** At most `count` visible messages, hidden for `seconds`; `missing` when there is no such queue. */
  receive(count: number, seconds: number): Promise<QueueItem[] | 'missing'>
  /** Hides a received message for `seconds` from now; `gone` when it was deleted or received by somebody else. */
  hide(item: QueueItem, seconds: number): Promise<{ popReceipt: string } | 'gone'>
  remove(item: QueueItem): Promise<'removed' | 'gone'>
  /** Sends a text as it is; creates the queue where it is missing. */
  send(text: string): Promise<void>
  /** About how many messages it holds; 0 where there is no such queue. */
  count(): Promise<number>
}
