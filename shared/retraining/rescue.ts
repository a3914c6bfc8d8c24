import { isApproved } from './claimEndpoint.ts'
import type { Head } from './head.ts'
import type { Run } from './run.ts'

/** What a run in flight needs from outside to go on: its message again, or nothing. */
export type Rescue = 'nothing' | 'start' | 'poll' | 'update' | 'check'

/**
 * Decides which message of a run in flight got lost: one that was due before `lateMs`, by the times that its rows name.
 * Sending one too many is harmless. Pure.
 */
export function rescueOf(run: Run, head: Head, lateMs: number): Rescue {
  const isLate = (...timesMs: (number | undefined)[]) =>
    Math.max(...timesMs.map((time) => time ?? 0)) < lateMs
  switch (run.state) {
    case 'queued':
    case 'submitted':
      return isLate(run.updatedAtMs, run.retry?.dueAtMs) ? 'start' : 'nothing'
    case 'training':
      return isLate(run.poll?.dueAtMs, run.retry?.dueAtMs) ? 'poll' : 'nothing'
    case 'trained': {
      const dueAtMs = Math.max(run.retry?.dueAtMs ?? 0, run.measuring?.dueAtMs ?? 0)
      const late = isLate(run.updatedAtMs, dueAtMs, head.claim?.untilAtMs)
      return late ? (run.warrant === undefined ? 'poll' : 'update') : 'nothing'
    }
    case 'updating': {
      if (run.update?.check !== undefined) return isLate(run.update.check.dueAtMs) ? 'check' : 'nothing'
      return isLate(run.updatedAtMs, run.retry?.dueAtMs, head.claim?.untilAtMs) ? 'update' : 'nothing'
    }
    case 'awaitingApproval':
    case 'rejected': {
      const late = isLate(run.updatedAtMs, run.retry?.dueAtMs, head.claim?.untilAtMs)
      return isApproved(run) && late ? 'update' : 'nothing'
    }
    case 'live':
    case 'superseded':
    case 'failed':
    case 'cancelled':
      return 'nothing'
  }
}
