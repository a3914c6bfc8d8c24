const leastMs = 100

/**
 * How long to wait before an empty queue is asked again: 100 ms, doubling with 20 % of chance either way up to `mostMs`.
 * `beforeMs` is the wait before, 0 after a message. Pure; `random` is 0 to 1. Source: RandomizedExponentialBackoffStrategy.
 */
export function nextPollingMs(beforeMs: number, mostMs: number, random: number): number {
  if (beforeMs === 0) return Math.min(leastMs, mostMs)
  return Math.min(Math.max(beforeMs * 2 * (0.8 + 0.4 * random), leastMs), mostMs)
}
