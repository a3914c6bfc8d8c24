import { TerminalError } from './errors.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import type { TrainingPort } from './services.ts'
import { atService } from './serviceTrouble.ts'
import type { ModelSettings, TrainingServiceSettings } from './settings.ts'
import type { Clock, Log, RunStore, SettingsStore, TrainingSets } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'
import { textOf } from './trouble.ts'

/** What submitting a job needs. */
export type SubmitJobPorts = Pick<RunStore, 'readRun' | 'commit'> &
  Pick<TrainingSets, 'signInput'> &
  Pick<TrainingPort, 'submitJob' | 'deleteJob'> &
  Pick<SettingsStore, 'readTrainingService'> &
  Pick<Clock, 'now'> & { log: Log }

const skewMs = 15 * 60_000

/** When the SAS of an input runs out: the job's deadline and an hour. */
export function inputExpiryMs(nowMs: number, jobDeadlineMinutes: number): number {
  return nowMs + jobDeadlineMinutes * 60_000 + 3_600_000
}

/**
 * Creates the job and records its id: the job does not run yet, so that a crash in between leaves at most a job that
 * never starts. When another worker recorded one first, ours is deleted unstarted.
 */
export async function submitJob(
  ports: SubmitJobPorts,
  settings: ModelSettings,
  service: TrainingServiceSettings,
  run: Run,
): Promise<void> {
  if (run.input === undefined) throw new TerminalError('Cannot submit the job: the generation has no input')
  const nowMs = ports.now()
  const inputExpiresAtMs = inputExpiryMs(nowMs, settings.jobDeadlineMinutes)
  const input = await ports.signInput(run, run.input.name, nowMs - skewMs, inputExpiresAtMs)
  const jobId = await atService(ports.submitJob(service, input))
  const recorded = await swapRun(ports, run, (fresh) =>
    fresh.state === 'queued' && fresh.attempt === run.attempt && fresh.slot === run.slot
      ? submittedRun(fresh, jobId, inputExpiresAtMs, nowMs)
      : undefined,
  )
  if (recorded !== undefined) ports.log.info({ ...ids(run), jobId }, 'job submitted')
  else await discard(ports, service, run, jobId)
}

function submittedRun(run: Run, jobId: string, inputExpiresAtMs: number, nowMs: number): Run {
  return {
    ...run,
    state: 'submitted',
    jobId,
    inputExpiresAtMs,
    updatedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, `job ${jobId} submitted, attempt ${run.attempt}`),
  }
}

/** Our job is nobody's: it never starts, so that failing to delete it costs nothing but its record at the service. */
async function discard(
  ports: SubmitJobPorts,
  service: TrainingServiceSettings,
  run: Run,
  jobId: string,
): Promise<void> {
  try {
    await ports.deleteJob(service, jobId)
    ports.log.info({ ...ids(run), jobId }, 'second job deleted before it was started')
  } catch (error) {
    ports.log.warn({ ...ids(run), jobId }, `second job left unstarted: ${textOf(error)}`)
  }
}
