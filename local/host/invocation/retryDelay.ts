import type { RetryOptions } from '../worker/protocol.ts'

/**
 * How long to wait before retry number `count` (from 1), or `undefined` when the policy allows no more (-1: for ever).
 * Exponential: doubling from the minimum to the maximum, 20 % of chance either way. Pure; `random` is 0 to 1.
 */
export function retryDelayMs(
  policy: RetryOptions | undefined,
  count: number,
  random: number,
): number | undefined {
  if (policy === undefined) return undefined
  if (policy.maxRetryCount !== -1 && count > policy.maxRetryCount) return undefined
  if (policy.retryStrategy !== 'exponentialBackoff') return (policy.delayInterval?.seconds ?? 0) * 1000
  const leastMs = (policy.minimumInterval?.seconds ?? 2) * 1000
  const mostMs = (policy.maximumInterval?.seconds ?? 120) * 1000
  return Math.min(leastMs * 2 ** Math.min(count - 1, 30) * (0.8 + 0.4 * random), mostMs)
}
