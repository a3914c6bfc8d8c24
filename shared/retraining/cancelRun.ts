import { type EndRunPorts, endRun } from './endRun.ts'
import { RetryableError } from './errors.ts'
import type { Asked, Order } from './head.ts'
import { ids, type RunKey } from './names.ts'
import { releaseSlot } from './releaseSlot.ts'
import { isJobOver, type Run } from './run.ts'
import type { TrainingPort } from './services.ts'
import { atService } from './serviceTrouble.ts'
import type { TrainingServiceSettings } from './settings.ts'
import type { Clock, Messages } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What cancelling a run needs. */
export type CancelRunPorts = EndRunPorts & Pick<Messages, 'sendPoll'> & Pick<Clock, 'now' | 'newId'>

/** What became of it. `stopping`: its job was told to stop and is asked for until it has. */
export type Cancellation = { kind: 'cancelled' } | { kind: 'stopping' } | { kind: 'refused'; reason: string }

/**
 * Cancels a run that has not trained its model, or waits for approval. A run without a job ends at once; the job of another is
 * deleted, then asked for until it is over: its slot is free only then. Doing it again changes nothing.
 */
export async function cancelRun(ports: CancelRunPorts, key: RunKey, asked: Asked): Promise<Cancellation> {
  const unknown: Cancellation = { kind: 'refused', reason: `there is no generation ${key.generation}` }
  if ((await ports.readRun(key)) === undefined) return unknown
  const cancel = { by: asked.by, reason: ports.redact(asked.reason), atMs: ports.now() }
  const run = await swapRun(ports, key, (fresh) =>
    fresh.cancel === undefined && isCancellable(fresh)
      ? cancelledRun(fresh, cancel, ports.newId())
      : undefined,
  )
  const found = run ?? (await ports.readRun(key))?.value
  if (found === undefined) return unknown
  if (found.state === 'cancelled') return { kind: 'cancelled' }
  if (!isCancellable(found)) return { kind: 'refused', reason: `the run is ${found.state}` }
  if (found.state === 'queued' || found.state === 'awaitingApproval') {
    await endRun(ports, key, { state: 'cancelled', reason: cancelText(found) })
    return { kind: 'cancelled' }
  }
  ports.log.warn({ ...ids(key) }, 'run cancelled: its job is told to stop')
  await sendOn(ports, found)
  return { kind: 'stopping' }
}

/** An approved run is on its way to the endpoint, as a trained one is. */
function isCancellable({ state, warrant }: Run): boolean {
  if (state === 'awaitingApproval') return warrant === undefined
  return state === 'queued' || state === 'submitted' || state === 'training'
}

/** Its job is due at once: `token` names the one valid poll message. */
function cancelledRun(run: Run, cancel: Order, token: string): Run {
  const poll = run.state === 'training' ? { token, dueAtMs: cancel.atMs, count: 0 } : run.poll
  const text = `cancelled by ${cancel.by}: ${cancel.reason}`
  const timeline = addEntry(run.timeline, cancel.atMs, text)
  return { ...run, cancel, poll, retry: undefined, updatedAtMs: cancel.atMs, timeline }
}

function sendOn(ports: CancelRunPorts, run: Run): Promise<void> {
  const { customerId, model, poll } = run
  if (run.state !== 'training' || poll === undefined) return ports.sendStart({ v: 1, customerId, model }, 0)
  return ports.sendPoll({ v: 1, ...ids(run), token: poll.token }, 0)
}

/** Why a cancelled run ended, in words. */
export function cancelText({ cancel }: Pick<Run, 'cancel'>): string {
  return `cancelled by ${cancel?.by}: ${cancel?.reason}`
}

/** What ending a cancelled run before its job runs needs. */
export type CancelUnstartedPorts = EndRunPorts & Pick<TrainingPort, 'getJob' | 'deleteJob'>

/**
 * Ends a cancelled run whose job is not known to run: one that was submitted is deleted first. `runs`: somebody started it
 * meanwhile, so that its status has to be asked for.
 */
export async function cancelUnstarted(
  ports: CancelUnstartedPorts,
  service: TrainingServiceSettings,
  run: Run,
): Promise<'ended' | 'runs'> {
  if (run.state === 'submitted' && run.jobId !== undefined) {
    await atService(ports.deleteJob(service, run.jobId))
    const job = await atService(ports.getJob(service, run.jobId))
    if (job !== 'gone' && job.status === 'NotStarted') {
      throw new RetryableError('Cannot cancel the job: the service still has it')
    }
    if (!isJobOver(job)) return 'runs'
    await releaseSlot(ports, run)
  }
  await endRun(ports, run, { state: 'cancelled', reason: cancelText(run) })
  return 'ended'
}
