import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer, ok } from '../http/answer.ts'
import { jobNotFound } from '../http/notFound.ts'
import { serviceError } from '../http/serviceError.ts'
import { isExpired } from '../jobs/retention.ts'
import type { Job } from '../state/records.ts'
import { sasUrl } from '../storage/blobReference.ts'
import type { ResultLocation } from '../storage/blobs.ts'
import type { DataCall } from './route.ts'

const hourMs = 3_600_000

/** BES start. The body is never read: clients send an empty one with a JSON content type. Source: contract section 3.2. */
export async function startJob(emulator: Emulator, call: DataCall, jobId: string): Promise<Answer> {
  const job = findJob(emulator, call, jobId)
  if (job.startedAtMs !== undefined || job.status !== 'NotStarted') {
    const state = job.status === 'NotStarted' ? 'Queued' : job.status
    const message = `The job cannot be started because it is in ${state} state.`
    throw serviceError('InvalidOperation', 'CannotStartJob', message, jobId)
  }
  await emulator.runner.start({ ...job, ...faultsOf(emulator, call, job) })
  return ok
}

/** BES status: always the three keys; results with tokens fresh on every call. Source: contract section 3.3. */
export async function getJob(emulator: Emulator, call: DataCall, jobId: string): Promise<Answer> {
  const job = findJob(emulator, call, jobId)
  const results = job.status === 'Finished' ? await locateResults(emulator, call, job) : null
  return jsonAnswer({ StatusCode: job.status, Results: results, Details: job.details ?? null })
}

/** BES delete: stops a job that is not final, which then says Cancelled; others stay as they are. Source: contract section 3.5. */
export async function deleteJob(emulator: Emulator, call: DataCall, jobId: string): Promise<Answer> {
  await emulator.runner.cancel(findJob(emulator, call, jobId))
  return ok
}

function findJob(emulator: Emulator, call: DataCall, jobId: string): Job {
  const job = emulator.store.job(jobId)
  const { jobRetentionMs } = emulator.settings
  if (job === undefined || job.endpointId !== call.endpoint.id) throw jobNotFound(jobId)
  if (isExpired(job, emulator.clock.nowMs(), jobRetentionMs)) throw jobNotFound(jobId)
  return job
}

async function locateResults(
  emulator: Emulator,
  call: DataCall,
  job: Job,
): Promise<Record<string, ResultLocation>> {
  const { sasBeforeMs, sasAfterMs } = emulator.settings
  const late = emulator.faults.take('expiredSas', call) === undefined ? 0 : sasAfterMs + hourMs
  const nowMs = emulator.realNowMs() - late
  const validity = { startsAtMs: nowMs - sasBeforeMs, expiresAtMs: nowMs + sasAfterMs }
  const located = Object.entries(job.outputs).map(
    async ([port, reference]) => [port, await emulator.blobs.locate(reference, validity)] as const,
  )
  return Object.fromEntries(await Promise.all(located))
}

function faultsOf(emulator: Emulator, call: DataCall, job: Job): Partial<Job> {
  const slow = emulator.faults.take('slowStart', call)
  const failed = emulator.faults.take('failJob', call)
  const telling = emulator.faults.take('failJobWithSas', call)
  const [input] = Object.values(job.inputs ?? {})
  const url = input?.kind === 'sas' ? sasUrl(input) : JSON.stringify(input)
  return {
    ...(slow === undefined ? {} : { notBeforeMs: emulator.clock.nowMs() + slow.seconds * 1000 }),
    ...(failed === undefined ? {} : { plannedFailure: failed.message ?? 'a fault on demand' }),
    ...(telling === undefined ? {} : { plannedFailure: `Cannot read ${url}: a fault on demand` }),
  }
}
