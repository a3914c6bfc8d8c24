import { isFinal, type Job } from '../state/records.ts'

/** Whether a job is no longer known: so long after its end, or after its submission when it was never started. */
export function isExpired(job: Job, nowMs: number, retentionMs: number): boolean {
  if (isFinal(job)) return nowMs >= (job.finishedAtMs ?? job.createdAtMs) + retentionMs
  return job.startedAtMs === undefined && nowMs >= job.createdAtMs + retentionMs
}
