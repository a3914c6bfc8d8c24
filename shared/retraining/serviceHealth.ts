import { firstLine } from './timeline.ts'

/** What may be wrong with a training service: its calls fail, or its jobs do. */
export type TroubleCause = 'calls' | 'jobs'

/** A failure that is the service's, not the data's: whose run it hit, and when. */
export type ServiceFailure = { customerId: string; atMs: number; cause: TroubleCause }

/** A pause: no job starts but one probe at a time, from `probeAtMs` on. */
export type Pause = {
  sinceAtMs: number
  reason: string
  cause: TroubleCause
  /** How many probes there were; each pause before the next is longer. */
  probes: number
  probeAtMs: number
  /** The `probeAtMs` for which a message was sent: one is enough, however many runs wait. */
  calledForAtMs?: number | undefined
  /** How long it was before the first probe. */
  firstMs: number
}

/** How a training service does; the row is there only once something failed. */
export type ServiceHealth = {
  /** The last failures with no success in between. */
  failures: readonly ServiceFailure[]
  paused?: Pause | undefined
  resumedAtMs?: number | undefined
}

const mostFailures = 5
const leastCustomers = 2
/** Failures further back than this are not in a row, in ms. */
const rowMs = 60 * 60_000
const longestReason = 1_000
const longestPauseMs = 60 * 60_000

/** A service nothing is known of. */
export const healthy: ServiceHealth = { failures: [] }

/** Whether something failed at the service that nothing since has made good. */
export function isTroubled(health: ServiceHealth | undefined): boolean {
  return health !== undefined && (health.paused !== undefined || health.failures.length > 0)
}

/** Whether jobs may start: all, one that tries the service out, or none. */
export function startMode(health: ServiceHealth | undefined, nowMs: number): 'open' | 'probe' | 'closed' {
  if (health?.paused === undefined) return 'open'
  return nowMs >= health.paused.probeAtMs ? 'probe' : 'closed'
}

/** One more failure; five in a row over two or more customers pause the service. Pure. */
export function afterFailure(
  health: ServiceHealth,
  failure: ServiceFailure,
  why: { reason: string; firstMs: number },
): ServiceHealth {
  const recent = health.failures.filter(({ atMs }) => atMs > failure.atMs - rowMs)
  const failures = [...recent, failure].slice(-mostFailures)
  const customers = new Set(failures.map(({ customerId }) => customerId))
  const failed = { ...health, failures }
  if (health.paused !== undefined || failures.length < mostFailures) return failed
  if (customers.size < leastCustomers) return failed
  const text = `${mostFailures} failures in a row, of ${customers.size} customers, the last: ${firstLine(why.reason).slice(0, longestReason)}`
  return pausedHealth(failed, { reason: text, cause: failure.cause, firstMs: why.firstMs }, failure.atMs)
}

/** The service with a pause; one that is paused stays as it is. Pure. */
export function pausedHealth(
  health: ServiceHealth,
  why: { reason: string; cause: TroubleCause; firstMs: number },
  nowMs: number,
): ServiceHealth {
  if (health.paused !== undefined) return health
  return { ...health, paused: { ...why, sinceAtMs: nowMs, probes: 0, probeAtMs: nowMs + why.firstMs } }
}

/** The service while a probe is under way: the next one comes after a longer pause, unless this one succeeds. Pure. */
export function probedHealth(health: ServiceHealth, nowMs: number): ServiceHealth {
  if (health.paused === undefined) return health
  const probes = health.paused.probes + 1
  const pauseMs = Math.min(health.paused.firstMs * 2 ** Math.min(probes, 10), longestPauseMs)
  return { ...health, paused: { ...health.paused, probes, probeAtMs: nowMs + pauseMs } }
}

/** The service once a message is sent for its next probe; undefined when one was sent already, or none is needed. Pure. */
export function calledHealth(health: ServiceHealth): ServiceHealth | undefined {
  const { paused } = health
  if (paused === undefined || paused.calledForAtMs === paused.probeAtMs) return undefined
  return { ...health, paused: { ...paused, calledForAtMs: paused.probeAtMs } }
}

/**
 * After something went well: a job that started ends the row of failed calls, one whose job did its work ends all. The
 * same object when there was nothing to end. Pure.
 */
export function afterSuccess(health: ServiceHealth, cause: TroubleCause, nowMs: number): ServiceHealth {
  const endsPause = health.paused !== undefined && (cause === 'jobs' || health.paused.cause === 'calls')
  const failures = cause === 'jobs' ? [] : health.failures.filter((failure) => failure.cause === 'jobs')
  if (!endsPause && failures.length === health.failures.length) return health
  if (!endsPause) return { ...health, failures }
  return { failures: [], resumedAtMs: nowMs }
}
