/** Doubling delays, in milliseconds. */
export type Backoff = { firstMs: number; longestMs: number }

/** The delay before try `count` + 1 (count from 1): doubles each time up to the longest, with jitter of half. `random` is 0 to 1. */
export function backoffMs({ firstMs, longestMs }: Backoff, count: number, random: number): number {
  const grown = Math.min(firstMs * 2 ** Math.min(count - 1, 30), longestMs)
  return Math.round(grown * (0.5 + 0.5 * random))
}

/** `Retry-After` in seconds: a number of them, or an HTTP date. Undefined when it is neither; never negative, at most a day. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - nowMs) / 1000
  return Number.isNaN(seconds) ? undefined : Math.min(86_400, Math.max(0, Math.ceil(seconds)))
}
