import { type ArchiveJobPorts, archiveJob } from './archiveJob.ts'
import { nextDelaySeconds } from './backoff.ts'
import { type BlameDropPorts, blameDrops } from './blameDrop.ts'
import { endRun } from './endRun.ts'
import { TerminalError } from './errors.ts'
import { type JudgeRunPorts, judgeRun } from './judgeRun.ts'
import type { PollMessage } from './messages.ts'
import { ids } from './names.ts'
import { noteFailure, noteSuccess } from './noteHealth.ts'
import { releaseSlot } from './releaseSlot.ts'
import { failureClass, isJobOver, nextStep, type Run, type Step } from './run.ts'
import { isTroubled } from './serviceHealth.ts'
import type { Job, TrainingPort } from './services.ts'
import { atService } from './serviceTrouble.ts'
import type { TrainingServiceSettings } from './settings.ts'
import type { SettingsStore, Stored } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry, firstLine } from './timeline.ts'
import { noteTrouble, type TroublePorts, tryAgain } from './trouble.ts'
import type { WebhookStore } from './webhookStore.ts'

/** What asking for one job needs. */
export type PollRunPorts = ArchiveJobPorts &
  JudgeRunPorts &
  TroublePorts &
  BlameDropPorts &
  SettingsStore &
  Pick<WebhookStore, 'sendWebhookMessage'> &
  Pick<TrainingPort, 'getJob' | 'deleteJob'> & {
    /** The pace of asking, in seconds: first and longest. */
    pollSchedule: { firstSeconds: number; mostSeconds: number }
  }

/** What becomes of the message: deleted, put off, or, without a run, buried. */
export type PollOutcome = { kind: 'done' } | { kind: 'later'; seconds: number } | { kind: 'unknown' }

/** Asks for a run's job, if the message's token still is the run's, and moves the run one step on. */
export async function pollRun(ports: PollRunPorts, message: PollMessage): Promise<PollOutcome> {
  const stored = await ports.readRun(message)
  if (stored === undefined) return { kind: 'unknown' }
  const run = stored.value
  if (run.poll?.token !== message.token) {
    await followUp(ports, run)
    return { kind: 'done' }
  }
  try {
    if (run.state === 'training') return await pollJob(ports, stored)
    if (run.state === 'trained') await judgeTrained(ports, run)
    return { kind: 'done' }
  } catch (error) {
    const outcome = await noteTrouble(ports, run, 'ask for the job', error)
    if (outcome.kind === 'noted') return { kind: 'later', seconds: ports.retrySeconds }
    return outcome.kind === 'later' ? outcome : { kind: 'done' }
  }
}

/**
 * Whoever moved the run on may have been lost right after: has told what is not told yet, and starts what waits, or the run's
 * new attempt. A start that was asked for is sent again at its time, since its message may be what got lost; twice is harmless.
 */
async function followUp(ports: PollRunPorts, run: Run): Promise<void> {
  const key = { customerId: run.customerId, model: run.model }
  const head = (await ports.readHead(key))?.value
  if (head?.untold !== undefined) await ports.sendWebhookMessage({ v: 1, kind: 'tell', ...key }, 0)
  const isQueued = run.state === 'queued' && head?.inFlight === run.generation
  if (!isQueued && (head?.inFlight !== undefined || !(await ports.hasPending(key)))) return
  const dueAtMs = isQueued ? run.retry?.dueAtMs : head?.startRequestedForAtMs
  await ports.sendStart({ v: 1, ...key }, Math.max(0, Math.ceil(((dueAtMs ?? 0) - ports.now()) / 1000)))
}

async function pollJob(ports: PollRunPorts, stored: Stored<Run>): Promise<PollOutcome> {
  const run = stored.value
  const service = await ports.readTrainingService(run.trainingService)
  if (service === undefined || run.jobId === undefined) {
    throw new TerminalError(`Cannot ask for the job: no training service is called ${run.trainingService}`)
  }
  const job = await atService(ports.getJob(service, run.jobId))
  if (isJobOver(job)) {
    const health = await releaseSlot(ports, run)
    if (isTroubled(health) && didItsWork(job)) await noteSuccess(ports, run.trainingService, 'jobs')
  }
  return takeStep(ports, service, stored, nextStep(run, job, ports.now()))
}

/** Whether the service did what it is there for: a job that failed of its data is no fault of the service. */
function didItsWork(job: Job | 'gone'): boolean {
  if (job === 'gone') return false
  return job.status === 'Finished' || (job.status === 'Failed' && failureClass(job.details) === 'data')
}

async function takeStep(
  ports: PollRunPorts,
  service: TrainingServiceSettings,
  stored: Stored<Run>,
  step: Step,
): Promise<PollOutcome> {
  const run = stored.value
  switch (step.kind) {
    case 'wait':
      return askLater(ports, stored, undefined)
    case 'cancel':
      await atService(ports.deleteJob(service, run.jobId ?? ''))
      return askLater(ports, stored, step.reason)
    case 'archive': {
      const trained = await archiveJob(ports, service, run, step.outputs)
      if (trained !== undefined) await judgeTrained(ports, trained)
      return { kind: 'done' }
    }
    case 'tryAgain': {
      const reason = ports.redact(step.reason)
      const isPaused = await noteFailure(ports, run, { cause: 'jobs', reason })
      await tryAgain(ports, run, reason, !isPaused)
      return { kind: 'done' }
    }
    case 'end': {
      const isStopped = run.cancel !== undefined || run.cancelReason !== undefined
      const deadLetter = isStopped && run.cancel === undefined
      const blamed = isStopped ? [] : await blameDrops(ports, run, step.reason)
      const reason = withLeftOut(step.reason, blamed)
      await endRun(ports, run, { state: step.state, reason, deadLetter, from: run })
      return { kind: 'done' }
    }
  }
}

/** The drops that were left out of later sets stand in the reason's first line. */
function withLeftOut(reason: string, blamed: readonly string[]): string {
  if (blamed.length === 0) return reason
  const line = firstLine(reason)
  return `${line}; left out of later sets: ${blamed.join(', ')}${reason.trim().slice(line.length)}`
}

/** The row says when the job is due again, then the message is put off until then. */
async function askLater(
  ports: PollRunPorts,
  stored: Stored<Run>,
  cancelReason: string | undefined,
): Promise<PollOutcome> {
  const run = stored.value
  const nowMs = ports.now()
  const seconds = nextDelaySeconds(run.poll?.count ?? 0, ports.pollSchedule, ports.random())
  const token = run.poll?.token
  const changed = await swapRun(
    ports,
    run,
    (fresh) => {
      if (fresh.poll === undefined || fresh.poll.token !== token || fresh.state !== 'training')
        return undefined
      const poll = { ...fresh.poll, dueAtMs: nowMs + seconds * 1000, count: fresh.poll.count + 1 }
      const polled = { ...fresh, poll, retry: undefined, updatedAtMs: nowMs }
      if (cancelReason === undefined || fresh.cancelReason !== undefined) return polled
      return {
        ...polled,
        cancelReason,
        timeline: addEntry(fresh.timeline, nowMs, `stopping: ${cancelReason}`),
      }
    },
    stored,
  )
  return changed === undefined ? { kind: 'done' } : { kind: 'later', seconds }
}

async function judgeTrained(ports: PollRunPorts, run: Run): Promise<void> {
  const settings = await ports.readSettings(run)
  if (settings === undefined) {
    const key = ids(run)
    throw new TerminalError(`Cannot judge run ${key.generation}: the model has no settings any more`)
  }
  await judgeRun(ports, settings, run)
}
