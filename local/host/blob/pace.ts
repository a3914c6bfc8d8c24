import type { Clock } from '../clock.ts'
import type { QueueStore } from '../queue/queueStore.ts'

/** What pacing needs: how full the queue is, and how to wait. */
export type PacePorts = { queue: Pick<QueueStore, 'count'>; clock: Clock }

/** So many messages may wait: Azurite looks through all of them at each call of any queue. */
const mostWaiting = 256
const askedEvery = 64
const pauseMs = 250

/**
 * Creates what whoever fills a queue asks before each message: it answers once the queue has room, `false` when `signal`
 * aborts before. The queue is asked once for so many turns, so that it may hold that many more.
 */
export function createPace({ queue, clock }: PacePorts, signal: AbortSignal): () => Promise<boolean> {
  let turns = 0
  let asking: Promise<void> | undefined
  const waitForRoom = async () => {
    while (!signal.aborted && (await queue.count()) >= mostWaiting) await clock.after(pauseMs, signal)
    turns = askedEvery
  }
  return async () => {
    while (turns === 0 && !signal.aborted) {
      asking ??= waitForRoom().finally(() => {
        asking = undefined
      })
      await asking
    }
    turns--
    return !signal.aborted
  }
}
