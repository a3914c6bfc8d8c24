import type { Breaker } from './head.ts'
import type { Run, RunState } from './run.ts'

const usualRuns = 3
const firstPatienceMs = 15 * 60_000
const longestPatienceMs = 24 * 3_600_000

/** The row of failed and rejected runs after one more has ended. Pure; a run that passed the gate ends the row. */
export function breakerAfter(
  before: Breaker | undefined,
  run: Pick<Run, 'generation' | 'warrant'>,
  end: { state: RunState; reason: string; blameless?: boolean },
  nowMs: number,
): Breaker | undefined {
  const counts = (end.state === 'failed' || end.state === 'rejected') && run.warrant !== 'rollback'
  if (counts && end.blameless !== true) {
    const { generation } = run
    return {
      count: (before?.count ?? 0) + 1,
      generation,
      lastAtMs: nowMs,
      reason: end.reason.slice(0, 1_000),
    }
  }
  return end.state === 'superseded' && run.warrant !== undefined ? undefined : before
}

/** Since when a model is quarantined, why, and until when no data opens a try. */
export type Quarantine = { sinceAtMs: number; untilAtMs: number; reason: string }

/**
 * Whether so many runs in a row failed or were rejected that the model is quarantined. The first quarantine ends with the
 * next drop; each try that fails doubles the patience, from 15 minutes to a day. Pure.
 */
export function quarantineOf(breaker: Breaker | undefined, breakerRuns = usualRuns): Quarantine | undefined {
  if (breaker === undefined || breakerRuns === 0 || breaker.count < breakerRuns) return undefined
  const tries = breaker.count - breakerRuns
  const patienceMs = tries === 0 ? 0 : Math.min(longestPatienceMs, firstPatienceMs * 2 ** (tries - 1))
  const reason = `${breaker.count} runs in a row failed or were rejected, the last: ${breaker.reason}`
  return { sinceAtMs: breaker.lastAtMs, untilAtMs: breaker.lastAtMs + patienceMs, reason }
}
