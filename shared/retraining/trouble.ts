import { nextRetry, type Retry, type RetryDecision } from './backoff.ts'
import { type EndRunPorts, endRun, slotAfter } from './endRun.ts'
import { RetryableError, TerminalError } from './errors.ts'
import { ids } from './names.ts'
import type { NoteHealthPorts } from './noteHealth.ts'
import { releaseSlot } from './releaseSlot.ts'
import { isEnded, mostPlatformFailures, type Run } from './run.ts'
import { countAgainst, isOutOfPatience, ServiceTrouble } from './serviceTrouble.ts'
import type { Clock, Messages } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry, firstLine } from './timeline.ts'

/** What dealing with a failed step needs. */
export type TroublePorts = EndRunPorts & NoteHealthPorts & Pick<Clock, 'random'> & Pick<Messages, 'sendStart'>

/**
 * `later`: the step is due again after so many seconds. `noted`: another worker, which failed at the same step, has seen to
 * that. `ended`: the run is over.
 */
export type TroubleOutcome = { kind: 'later'; seconds: number } | { kind: 'noted' } | { kind: 'ended' }

/**
 * Deals with an error of a step: what trying again cannot help ends the run, everything else goes on the run's own retry
 * schedule, once for all workers that are at it (`key` is the run as this one found it). What is the training service's fault
 * may pause the service, and no run gives up while it is paused. `step` says what was tried: `ask for the job`.
 */
export async function noteTrouble(
  ports: TroublePorts,
  key: Run,
  step: string,
  thrown: unknown,
): Promise<TroubleOutcome> {
  const error = thrown instanceof ServiceTrouble ? thrown.cause : thrown
  const reason = ports.redact(`${step}: ${textOf(error)}`)
  if (error instanceof TerminalError) {
    await endRun(ports, key, { state: 'failed', reason })
    return { kind: 'ended' }
  }
  const isPaused = thrown instanceof ServiceTrouble && (await countAgainst(ports, key, error, reason))
  const nowMs = ports.now()
  let retry: Retry | undefined
  let before: Run | undefined
  const changed = await swapRun(ports, key, (run) => {
    before = run
    if (isEnded(run.state) || isNoted(run, key)) return undefined
    const giveUp = !isPaused && isOutOfPatience(run, error, nowMs)
    const since = isPaused && run.retry !== undefined ? { ...run.retry, sinceAtMs: nowMs } : run.retry
    const decision = nextRetry(since, nowMs, ports.random(), scheduleOf(ports, error))
    retry = giveUp ? undefined : retryOf(decision)
    return {
      ...run,
      retry: retry ?? run.retry,
      slot: slotAfter(run),
      updatedAtMs: nowMs,
      timeline: addEntry(run.timeline, nowMs, reason),
    }
  })
  if (changed !== undefined && before !== undefined && changed.slot === undefined) {
    await releaseSlot(ports, before)
  }
  if (changed !== undefined && retry !== undefined) {
    ports.log.warn({ ...ids(key), retries: retry.count }, `put off: ${reason}`)
    return { kind: 'later', seconds: Math.max(1, Math.ceil((retry.dueAtMs - nowMs) / 1000)) }
  }
  if (changed !== undefined) await giveUp(ports, key, reason, thrown)
  return { kind: changed === undefined && before !== undefined && isNoted(before, key) ? 'noted' : 'ended' }
}

/** Patience ran out. What is the training service's fault does not count against the model. */
async function giveUp(ports: TroublePorts, key: Run, reason: string, thrown: unknown): Promise<void> {
  const blameless = thrown instanceof ServiceTrouble
  await endRun(ports, key, { state: 'failed', reason, deadLetter: true, blameless })
}

/** Whether somebody put the run off since `found` was read: a start that came ten times is one failure. */
function isNoted({ state, retry }: Run, found: Run): boolean {
  return !isEnded(state) && (retry?.count ?? 0) > (found.retry?.count ?? 0)
}

function scheduleOf({ retrySeconds }: TroublePorts, error: unknown) {
  const retryAfterSeconds = error instanceof RetryableError ? error.retryAfterSeconds : undefined
  return { firstSeconds: retrySeconds, retryAfterSeconds }
}

/** An error's message with those of its causes, nearest first. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${textOf(error.cause)})` : ''
  return `${error.message}${cause}`
}

/**
 * Puts the run back to `queued` for a new attempt: only to be called once the attempt's job was seen Failed, Cancelled or
 * gone, which gives its slot back. The third failure that is not the data's fault ends the run, in one step: a crash leaves
 * no fourth attempt. Where it doesn't count, the run's own retry schedule goes on.
 */
export async function tryAgain(
  ports: TroublePorts,
  { attempt, slot, trainingService, ...key }: Run,
  reason: string,
  counts = true,
): Promise<void> {
  await releaseSlot(ports, { slot, trainingService })
  const text = ports.redact(reason)
  const nowMs = ports.now()
  const seen = { isLast: false }
  const run = await swapRun(ports, key, (fresh) => {
    seen.isLast = false
    if (fresh.attempt !== attempt || isEnded(fresh.state)) return undefined
    seen.isLast = counts && fresh.platformFailures + 1 >= mostPlatformFailures
    if (seen.isLast) return undefined
    const schedule = { firstSeconds: ports.retrySeconds }
    const decision = nextRetry(counts ? undefined : fresh.retry, nowMs, ports.random(), schedule)
    return requeuedRun(fresh, { reason: text, counts, retry: retryOf(decision) }, nowMs)
  })
  if (seen.isLast) {
    const times = `${mostPlatformFailures} attempts failed, the last: ${text}`
    const platformFailures = mostPlatformFailures
    return endRun(ports, key, { state: 'failed', reason: times, deadLetter: true, platformFailures })
  }
  if (run === undefined) return
  ports.log.warn({ ...ids(key), attempt: run.attempt }, `new attempt: ${text}`)
  const seconds = Math.max(0, Math.ceil(((run.retry?.dueAtMs ?? nowMs) - nowMs) / 1000))
  await ports.sendStart({ v: 1, customerId: key.customerId, model: key.model }, seconds)
}

function retryOf(decision: RetryDecision): Retry | undefined {
  return decision.kind === 'again' ? decision.retry : undefined
}

function requeuedRun(
  run: Run,
  { reason, counts, retry }: { reason: string; counts: boolean; retry: Retry | undefined },
  nowMs: number,
): Run {
  return {
    ...run,
    state: 'queued',
    attempt: run.attempt + 1,
    platformFailures: run.platformFailures + (counts ? 1 : 0),
    slot: undefined,
    jobId: undefined,
    inputExpiresAtMs: undefined,
    jobStartedAtMs: undefined,
    jobDeadlineAtMs: undefined,
    poll: undefined,
    retry: retry ?? run.retry,
    updatedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, `attempt ${run.attempt} ended: ${firstLine(reason)}`),
  }
}
