import { nextRetry, type Retry } from './backoff.ts'
import { type EndRunPorts, endRun, ids } from './endRun.ts'
import { RetryableError, TerminalError } from './errors.ts'
import type { RunKey } from './names.ts'
import { isEnded, mostPlatformFailures, type Run } from './run.ts'
import { CredentialRefused } from './services.ts'
import type { Clock, Messages } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What dealing with a failed step needs. */
export type TroublePorts = EndRunPorts & Pick<Clock, 'random'> & Pick<Messages, 'sendStart'>

/** `later`: the step is due again after so many seconds. `ended`: the run is over. */
export type TroubleOutcome = { kind: 'later'; seconds: number } | { kind: 'ended' }

/** How long a refused key is tried again before the run gives up, in ms. */
const credentialPatienceMs = 15 * 60_000

/**
 * Deals with an error of a step: what trying again cannot help ends the run, everything else goes on the run's own retry
 * schedule. `step` says what was tried: `ask for the job`.
 */
export async function noteTrouble(
  ports: TroublePorts,
  key: RunKey,
  step: string,
  error: unknown,
): Promise<TroubleOutcome> {
  const reason = ports.redact(`${step}: ${textOf(error)}`)
  if (error instanceof TerminalError) {
    await endRun(ports, key, { state: 'failed', reason })
    return { kind: 'ended' }
  }
  const nowMs = ports.now()
  const retryAfterSeconds = error instanceof RetryableError ? error.retryAfterSeconds : undefined
  let retry: Retry | undefined
  const changed = await swapRun(ports, key, (run) => {
    if (isEnded(run.state)) return undefined
    const decision = nextRetry(run.retry, nowMs, ports.random(), retryAfterSeconds)
    retry = decision.kind === 'again' && !isOutOfPatience(run, error, nowMs) ? decision.retry : undefined
    return {
      ...run,
      retry: retry ?? run.retry,
      updatedAtMs: nowMs,
      timeline: addEntry(run.timeline, nowMs, reason),
    }
  })
  if (changed !== undefined && retry !== undefined) {
    ports.log.warn({ ...ids(key), retries: retry.count }, `put off: ${reason}`)
    return { kind: 'later', seconds: Math.max(1, Math.ceil((retry.dueAtMs - nowMs) / 1000)) }
  }
  if (changed !== undefined) await endRun(ports, key, { state: 'failed', reason, deadLetter: true })
  return { kind: 'ended' }
}

function isOutOfPatience(run: Run, error: unknown, nowMs: number): boolean {
  const sinceAtMs = run.retry?.sinceAtMs ?? nowMs
  return error instanceof CredentialRefused && nowMs - sinceAtMs >= credentialPatienceMs
}

/** An error's message with those of its causes, nearest first. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${textOf(error.cause)})` : ''
  return `${error.message}${cause}`
}

/**
 * Puts the run back to `queued` for a new attempt: only to be called once the attempt's job was seen Failed, Cancelled or
 * gone. The third failure that is not the data's fault ends the run, in one step: a crash leaves no fourth attempt.
 */
export async function tryAgain(
  ports: TroublePorts,
  key: RunKey,
  attempt: number,
  reason: string,
): Promise<void> {
  const text = ports.redact(reason)
  const nowMs = ports.now()
  const seen = { isLast: false }
  const run = await swapRun(ports, key, (fresh) => {
    seen.isLast = false
    if (fresh.attempt !== attempt || isEnded(fresh.state)) return undefined
    seen.isLast = fresh.platformFailures + 1 >= mostPlatformFailures
    return seen.isLast ? undefined : requeuedRun(fresh, text, nowMs, ports.random())
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

function requeuedRun(run: Run, reason: string, nowMs: number, random: number): Run {
  const decision = nextRetry(undefined, nowMs, random)
  return {
    ...run,
    state: 'queued',
    attempt: run.attempt + 1,
    platformFailures: run.platformFailures + 1,
    jobId: undefined,
    inputExpiresAtMs: undefined,
    jobStartedAtMs: undefined,
    jobDeadlineAtMs: undefined,
    poll: undefined,
    retry: decision.kind === 'again' ? decision.retry : undefined,
    updatedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, `attempt ${run.attempt} ended: ${reason}`),
  }
}
