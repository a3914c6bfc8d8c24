import type { Retry } from './backoff.ts'
import type { Decision, Override } from './decision.ts'
import type { TrainingInput, Watermark } from './generation.ts'
import type { Order } from './head.ts'
import type { HoldoutResult } from './holdout.ts'
import type { Life } from './life.ts'
import type { RetainedRun } from './retained.ts'
import type { runStates } from './runStates.ts'
import type { Job, ResourceLocation } from './services.ts'
import type { TimelineEntry } from './timeline.ts'
import type { WireAnswer } from './wireAnswers.ts'

/** One of {@link runStates}. */
export type RunState = (typeof runStates)[number]

/** Why a model may be installed: every update names one. */
export type Warrant = 'firstModel' | 'gatePassed' | 'override' | 'rollback'

/** A file of a job's outputs in the `models` container. */
export type ArchivedFile = { name: string; sizeBytes: number; sha256: string }

/** The update of the endpoint: `attempt` PATCHes were sent; the check has until `deadlineAtMs` after the last. */
export type Update = {
  attempt: number
  claimedAtMs: number
  patchedAtMs?: number | undefined
  deadlineAtMs?: number | undefined
  /** The PATCH was sent once more after a deadline: the next one that passes is the end. */
  lastChance?: boolean | undefined
  /** What the endpoint answered for the probe row before the first PATCH: names and values as JSON text, or its fingerprint. */
  probeBefore?: string | undefined
  check?: { token: string; dueAtMs: number; count: number } | undefined
}

/**
 * Where comparing on the holdout stands. `owner`: under which the staging endpoint is claimed. `before`: what that answered
 * before the PATCH, as a fingerprint; absent where it had this very model. `dueAtMs`: when the next step is due.
 */
export type Measuring = {
  startedAtMs: number
  owner: string
  dueAtMs: number
}

/** A retraining run: drops in, endpoint updated. One row, changed by compare-and-swap only. */
export type Run = RetainedRun & {
  state: RunState
  /** 1 at first; a new attempt is a new job on the same input. */
  attempt: number
  /** Attempts that failed through no fault of the data: 3 are the end. */
  platformFailures: number
  manifest: string
  input?: TrainingInput | undefined
  trainedOn?: Watermark | undefined
  trainingService: string
  jobId?: string | undefined
  /** The token of the slot it holds at the training service; a slot whose token no run names is free. */
  slot?: string | undefined
  /** When the SAS that the job was given runs out; the SAS itself is kept nowhere. */
  inputExpiresAtMs?: number | undefined
  jobStartedAtMs?: number | undefined
  /** How long the model's jobs took when the generation was opened. */
  usualJobSeconds?: number | undefined
  jobDeadlineAtMs?: number | undefined
  /** Why the job was asked to stop. */
  cancelReason?: string | undefined
  /** Who cancelled the run: its job is told to stop, whatever it still makes. */
  cancel?: Order | undefined
  poll?: { token: string; dueAtMs: number; count: number } | undefined
  retry?: Retry | undefined
  archive?: { model: ArchivedFile; evaluation: ArchivedFile } | undefined
  metrics?: Readonly<Record<string, number>> | undefined
  /** Metrics of the evaluation that are no finite numbers, with the text in their place. */
  oddMetrics?: Readonly<Record<string, string>> | undefined
  measuring?: Measuring | undefined
  holdout?: HoldoutResult | undefined
  warrant?: Warrant | undefined
  /** What the gate said, in words. */
  verdict?: string | undefined
  decision?: Decision | undefined
  override?: Override | undefined
  update?: Update | undefined
  /** How `live` was seen: `location only` or `location and probe row`. */
  evidence?: string | undefined
  reason?: string | undefined
  openedAtMs: number
  /** When an operator sent it again. */
  redrivenAtMs?: number | undefined
  updatedAtMs: number
  trainedAtMs?: number | undefined
  liveAtMs?: number | undefined
  endedAtMs?: number | undefined
  /** Each has a passport. */
  lives?: readonly Life[] | undefined
  /** What services and settings said, as far as it was decided on. */
  answers?: readonly WireAnswer[] | undefined
  timeline: readonly TimelineEntry[]
}

/** What to do about a job once its status is known. */
export type Step =
  | { kind: 'wait' }
  | { kind: 'cancel'; reason: string }
  | { kind: 'archive'; outputs: Readonly<Record<string, ResourceLocation>> }
  | { kind: 'tryAgain'; reason: string }
  | { kind: 'end'; state: 'failed' | 'cancelled'; reason: string }

const stopGraceMs = 24 * 3_600_000

/** Texts that name the data: a module's numbered error, a column, a line. */
const dataTexts = /\berror 0\d{3}\b|\b(?:column|label|header)\b|\bline \d|\brows?\b/i

/** Texts of failed jobs that are not the data's fault: the service's own trouble. */
const platformTexts =
  /expired|AuthenticationFailed|BlobNotFound|unable to access|out of ?memory|MemoryQuota|InternalError|internal library|GatewayTimeout|ServiceUnavailable|temporarily|status ?code[ =:]*5\d\d|worker (?:ended|exited|stopped)/i

/** The input could not be read, or the memory did not suffice, whatever else the text names: a blob, a column. */
const platformErrors = /out of ?memory|MemoryQuota|MemoryExhausted|FailedToAccessBlob|\berror 0(?:030|138)\b/i

/** Whether a failed job's details name the data (final) or the platform (a new attempt may help). Pure. */
export function failureClass(details: string): 'data' | 'platform' {
  if (platformErrors.test(details)) return 'platform'
  return platformTexts.test(details) && !dataTexts.test(details) ? 'platform' : 'data'
}

/** Whether a job doesn't run any more, and never will. */
export function isJobOver(job: Job | 'gone'): boolean {
  return job === 'gone' || (job.status !== 'NotStarted' && job.status !== 'Running')
}

/** Decides a run's next step from what BES last said of its job. Pure; `nowMs` is epoch milliseconds. */
export function nextStep(run: Run, job: Job | 'gone', nowMs: number): Step {
  if (run.cancel !== undefined) return cancelling(run.cancel, job, nowMs)
  if (job === 'gone') return stopped(run, 'the service no longer knows the job')
  switch (job.status) {
    case 'NotStarted':
    case 'Running':
      return waiting(run, nowMs)
    case 'Finished':
      return { kind: 'archive', outputs: job.outputs }
    case 'Cancelled':
      return stopped(run, 'the job was cancelled at the service')
    case 'Failed': {
      const reason = failureReason(job)
      if (run.cancelReason !== undefined) return stopped(run, reason)
      return failureClass(job.details) === 'data'
        ? { kind: 'end', state: 'failed', reason }
        : { kind: 'tryAgain', reason }
    }
  }
}

/** The first line says why, for the timeline; the service's own text follows where it says more. */
function failureReason({ message, details }: Extract<Job, { status: 'Failed' }>): string {
  return message === undefined ? `job failed: ${details}` : `job failed: ${message}\n${details}`
}

/** Whatever a cancelled run's job still made is left where it is. */
function cancelling({ by, reason, atMs }: Order, job: Job | 'gone', nowMs: number): Step {
  const text = `cancelled by ${by}: ${reason}`
  if (isJobOver(job)) return { kind: 'end', state: 'cancelled', reason: text }
  if (nowMs <= atMs + stopGraceMs) return { kind: 'cancel', reason: text }
  return { kind: 'end', state: 'cancelled', reason: `${text}; the job does not stop, a day later` }
}

/** A job that has ended without outputs: after our own cancelling the run ends, else it is tried again. */
function stopped(run: Run, reason: string): Step {
  if (run.cancelReason === undefined) return { kind: 'tryAgain', reason }
  return { kind: 'end', state: 'failed', reason: run.cancelReason }
}

function waiting(run: Run, nowMs: number): Step {
  const deadlineAtMs = run.jobDeadlineAtMs ?? Number.POSITIVE_INFINITY
  if (nowMs < deadlineAtMs) return { kind: 'wait' }
  if (nowMs > deadlineAtMs + stopGraceMs) {
    return { kind: 'end', state: 'failed', reason: 'the job does not stop, a day after its deadline' }
  }
  return { kind: 'cancel', reason: 'the job did not finish before its deadline' }
}

/** Attempts in all before a run fails of the platform. */
export const mostPlatformFailures = 3

const ended: ReadonlySet<RunState> = new Set(['live', 'rejected', 'superseded', 'failed', 'cancelled'])

/** Whether the run is over (an operator may still bring it back). */
export function isEnded(state: RunState): boolean {
  return ended.has(state)
}
