import { acquireSlot } from './acquireSlot.ts'
import { earlyMs } from './backoff.ts'
import { cancelUnstarted } from './cancelRun.ts'
import { endRun } from './endRun.ts'
import { RetryableError, TerminalError } from './errors.ts'
import type { RunKey } from './names.ts'
import { noteSuccess } from './noteHealth.ts'
import { judgeEndpoint } from './preflight.ts'
import type { ReleaseSlotPorts } from './releaseSlot.ts'
import type { Run } from './run.ts'
import { CredentialRefused, type EndpointPort } from './services.ts'
import type { ModelSettings } from './settings.ts'
import { type StartJobPorts, startSubmittedJob } from './startJob.ts'
import type { RunStore, Stored } from './stores.ts'
import { type SubmitJobPorts, submitJob } from './submitJob.ts'
import { noteTrouble, type TroublePorts, textOf } from './trouble.ts'

/** What bringing a run to the start of its job needs. */
export type AdvanceRunPorts = TroublePorts &
  SubmitJobPorts &
  StartJobPorts &
  ReleaseSlotPorts &
  Pick<RunStore, 'readRun'> &
  Pick<EndpointPort, 'describeEndpoint'>

const mostSteps = 6

/**
 * Brings a queued or submitted run on: slot, preflight, submit, record, start. Without a free slot it waits in line. A
 * failure that may pass sends a later start request; one that can't ends the run.
 */
export async function advanceRun(
  ports: AdvanceRunPorts,
  settings: ModelSettings,
  key: RunKey,
): Promise<void> {
  let isWary = false
  for (let steps = 0; steps < mostSteps; steps++) {
    const stored = await ports.readRun(key)
    if (stored === undefined)
      throw new RetryableError(`Cannot start run ${key.generation}: its row is missing`)
    const run = stored.value
    if (run.state !== 'queued' && run.state !== 'submitted') {
      if (run.state === 'training' && isWary) await noteSuccess(ports, run.trainingService, 'calls')
      return
    }
    if (run.retry !== undefined && ports.now() + earlyMs < run.retry.dueAtMs) return
    try {
      const step = await takeStep(ports, settings, stored)
      if (step === 'stops') return
      isWary ||= step === 'went on, wary'
    } catch (error) {
      const outcome = await noteTrouble(ports, run, stepName(run), error)
      if (outcome.kind !== 'later') return
      return ports.sendStart({ v: 1, customerId: key.customerId, model: key.model }, outcome.seconds)
    }
  }
}

function stepName(run: Run): string {
  return run.state === 'queued' ? 'submit the job' : 'start the job'
}

async function takeStep(
  ports: AdvanceRunPorts,
  settings: ModelSettings,
  stored: Stored<Run>,
): Promise<'went on' | 'went on, wary' | 'stops'> {
  const run = stored.value
  const service = await ports.readTrainingService(run.trainingService)
  if (service === undefined) {
    throw new TerminalError(`Cannot train: no training service is called ${run.trainingService}`)
  }
  if (run.cancel !== undefined && (await cancelUnstarted(ports, service, run)) === 'ended') return 'stops'
  if (run.state === 'submitted') {
    await startSubmittedJob(ports, settings, service, run)
    return 'went on'
  }
  const held = await acquireSlot(ports, service, stored)
  if (held === undefined) return 'stops'
  const unfit = await preflight(ports, settings)
  if (unfit !== undefined) {
    await endRun(ports, held.run, { state: 'failed', reason: `the endpoint can't be updated: ${unfit}` })
    return 'stops'
  }
  await submitJob(ports, settings, service, held.run)
  return held.isWary ? 'went on, wary' : 'went on'
}

/** Asks the endpoint, with its key, before a job is paid for. Answers why it can't take a model. */
async function preflight(ports: AdvanceRunPorts, settings: ModelSettings): Promise<string | undefined> {
  try {
    const verdict = judgeEndpoint(settings.endpoint, await ports.describeEndpoint(settings.endpoint))
    return verdict.kind === 'fit' ? undefined : verdict.reason
  } catch (error) {
    if (error instanceof CredentialRefused) return `it refuses the key: ${textOf(error)}`
    if (error instanceof TerminalError) return textOf(error)
    throw error
  }
}
