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

/** A bit before the usual end, so that jobs that get quicker are noticed. */
const usualShare = 0.8

/** When to ask for a started job first: near the model's usual duration, in seconds; jitter of 5 %. Pure. */
export function firstPollSeconds(
  usualSeconds: number | undefined,
  leastSeconds: number,
  random: number,
): number {
  const near = (usualSeconds ?? 0) * usualShare * (0.95 + 0.1 * random)
  return Math.max(leastSeconds, Math.round(near))
}

/**
 * The running figure of a model's job duration after one more job, in seconds. A job that was over when it was first asked
 * for (`wasOver`) may have taken much less than was waited: the figure is halved, or an outage would slow the model down for
 * a long time. Pure.
 */
export function usualSecondsAfter(
  usualSeconds: number | undefined,
  lastSeconds: number,
  wasOver = false,
): number {
  if (wasOver) return Math.round(Math.min(usualSeconds ?? lastSeconds, lastSeconds) / 2)
  return Math.round(usualSeconds === undefined ? lastSeconds : (usualSeconds * 3 + lastSeconds) / 4)
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
