/** A step that failed for a reason that may pass, and is tried again on its own schedule. */
export type Retry = { count: number; sinceAtMs: number; dueAtMs: number }

/** What to do after a failure that may pass. */
export type RetryDecision = { kind: 'again'; retry: Retry; delaySeconds: number } | { kind: 'giveUp' }

/** How much earlier than its time a put-off step may be taken, for clocks that differ, in ms. */
export const earlyMs = 2_000

const mostSeconds = 3_600
const longestMs = 24 * 3_600_000

/**
 * The schedule of transport failures: `firstSeconds` doubling to 1 h with jitter of 20 %, never before Retry-After, for 24 h
 * in all. Pure; `random` is 0 to 1.
 */
export function nextRetry(
  before: Retry | undefined,
  nowMs: number,
  random: number,
  { firstSeconds, retryAfterSeconds = 0 }: { firstSeconds: number; retryAfterSeconds?: number | undefined },
): RetryDecision {
  const sinceAtMs = before?.sinceAtMs ?? nowMs
  if (nowMs - sinceAtMs >= longestMs) return { kind: 'giveUp' }
  const count = (before?.count ?? 0) + 1
  const grown = Math.min(firstSeconds * 2 ** Math.min(count - 1, 20), mostSeconds) * (0.8 + 0.4 * random)
  const delaySeconds = Math.ceil(Math.max(grown, retryAfterSeconds))
  return { kind: 'again', retry: { count, sinceAtMs, dueAtMs: nowMs + delaySeconds * 1000 }, delaySeconds }
}

/** How long to wait before asking again: grows by half each time from `firstSeconds` to `mostSeconds`, jitter of 20 %. */
export function nextDelaySeconds(
  count: number,
  schedule: { firstSeconds: number; mostSeconds: number },
  random: number,
): number {
  const grown = Math.min(schedule.firstSeconds * 1.5 ** Math.min(count, 40), schedule.mostSeconds)
  return Math.max(1, Math.round(grown * (0.8 + 0.4 * random)))
}
