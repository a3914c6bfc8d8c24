import { liveSlots, remaining, retryAfterSeconds, type Slots, take, type Window } from './window.ts'

/** Whether a call may go on; if not, after how many seconds to try again. */
export type Verdict = { kind: 'admitted' } | { kind: 'limited'; retryAfterSeconds: number }

/** Counts the calls of subscriptions. `take` counts one if it may go on; refused calls don't count. */
export type Counter = {
  take(subscription: string, window: Window): Verdict | Promise<Verdict>
  /** Gives back what was taken in advance and has run out. */
  settle(): Promise<void>
  /** Gives back everything that was taken in advance. */
  close(): Promise<void>
}

/** Counts in this process alone; `now` is epoch milliseconds. */
export function createMemoryCounter(now: () => number): Counter {
  const kept = new Map<string, Slots>()
  return {
    take(subscription, window) {
      const nowMs = now()
      const key = `${subscription}|${window.kind}`
      const slots = liveSlots(kept.get(key) ?? [], nowMs)
      if (remaining(slots, window) <= 0) {
        return { kind: 'limited', retryAfterSeconds: retryAfterSeconds(slots, nowMs) }
      }
      kept.set(key, take(slots, window, { count: 1, nowMs }))
      return { kind: 'admitted' }
    },
    settle: async () => {},
    close: async () => {},
  }
}
