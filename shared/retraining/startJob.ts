import { firstPollSeconds } from './backoff.ts'
import { RetryableError, TerminalError } from './errors.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import type { TrainingPort } from './services.ts'
import { atService } from './serviceTrouble.ts'
import type { ModelSettings, TrainingServiceSettings } from './settings.ts'
import type { Clock, Messages } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'
import { type TroublePorts, tryAgain } from './trouble.ts'

/** What starting a recorded job needs. `pollFirstSeconds`: how long after the start the job is asked for first, at the least. */
export type StartJobPorts = TroublePorts &
  Pick<TrainingPort, 'startJob' | 'getJob' | 'deleteJob'> &
  Pick<Messages, 'sendPoll'> &
  Pick<Clock, 'newId'> & { pollFirstSeconds: number }

const lateReason = 'the input would have expired before the job was done'

/** What must be left of the input's SAS beyond the job's deadline, in ms. */
const spareMs = 10 * 60_000

/**
 * Starts the job that the run has recorded, and no other. A job whose input would run out is discarded; one that was
 * started before is taken as it is: its status says more.
 */
export async function startSubmittedJob(
  ports: StartJobPorts,
  settings: ModelSettings,
  service: TrainingServiceSettings,
  run: Run,
): Promise<void> {
  const jobId = run.jobId
  if (jobId === undefined) throw new TerminalError('Cannot start the job: the run has no job id')
  const deadlineMs = settings.jobDeadlineMinutes * 60_000
  const tooLate = (run.inputExpiresAtMs ?? 0) - ports.now() < deadlineMs + spareMs
  if (tooLate && (await discardUnstarted(ports, service, run, lateReason)) === 'discarded') return
  if (!tooLate && (await start(ports, service, run, jobId)) === 'gone') return
  await recordStart(ports, run, jobId, deadlineMs)
}

/**
 * Deletes a job that has not started; `started` when it has after all. Ends the attempt, which a new one follows, without
 * counting as a failure of it.
 */
export async function discardUnstarted(
  ports: StartJobPorts,
  service: TrainingServiceSettings,
  run: Run,
  reason: string,
): Promise<'discarded' | 'started'> {
  const jobId = run.jobId ?? ''
  const before = await atService(ports.getJob(service, jobId))
  if (before !== 'gone' && before.status !== 'NotStarted' && before.status !== 'Cancelled') return 'started'
  await atService(ports.deleteJob(service, jobId))
  const after = await atService(ports.getJob(service, jobId))
  if (after !== 'gone' && after.status === 'NotStarted') {
    throw new RetryableError('Cannot discard the job: the service still has it')
  }
  if (after !== 'gone' && after.status !== 'Cancelled') return 'started'
  await tryAgain(ports, run, reason, false)
  return 'discarded'
}

async function start(
  ports: StartJobPorts,
  service: TrainingServiceSettings,
  run: Run,
  jobId: string,
): Promise<'started' | 'gone'> {
  try {
    await atService(ports.startJob(service, jobId))
    return 'started'
  } catch (error) {
    if (!(error instanceof TerminalError) || (await atService(ports.getJob(service, jobId))) !== 'gone')
      throw error
    await tryAgain(ports, run, 'the job was gone before it was started')
    return 'gone'
  }
}

/** The row first, with the token of the one valid poll message; then the message. */
async function recordStart(ports: StartJobPorts, run: Run, jobId: string, deadlineMs: number): Promise<void> {
  const nowMs = ports.now()
  const seconds = firstPollSeconds(run.usualJobSeconds, ports.pollFirstSeconds, ports.random())
  const poll = { token: ports.newId(), dueAtMs: nowMs + seconds * 1000, count: 0 }
  const recorded = await swapRun(ports, run, (fresh) => {
    if (fresh.state !== 'submitted' || fresh.jobId !== jobId) return undefined
    return {
      ...fresh,
      state: 'training',
      jobStartedAtMs: nowMs,
      jobDeadlineAtMs: nowMs + deadlineMs,
      poll,
      retry: undefined,
      updatedAtMs: nowMs,
      timeline: addEntry(fresh.timeline, nowMs, `job ${jobId} started`),
    }
  })
  if (recorded === undefined) return
  ports.log.info({ ...ids(run), jobId }, 'job started')
  await ports.sendPoll({ v: 1, ...ids(run), token: poll.token }, seconds)
}
