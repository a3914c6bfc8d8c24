import { randomUUID } from 'node:crypto'
import type { Definition } from '../definitions/definition.ts'
import type { Clock } from '../state/clock.ts'
import type { ModelFiles } from '../state/modelFiles.ts'
import { isFinal, type Job } from '../state/records.ts'
import type { Store } from '../state/store.ts'
import { BlobRefused, BlobUnavailable } from '../storage/blobs.ts'
import { blobFailureDetails, moduleFailureDetails, moduleOf } from './details.ts'
import type { JobFiles } from './jobFiles.ts'
import { createPermits, type Permits } from './permits.ts'
import { type Task, TaskFailed, type TaskFailure } from './task.ts'
import { permit, until } from './waiting.ts'
import type { WorkerPool } from './workerPool.ts'

/** Runs BES jobs: queued per endpoint, then in a worker thread, with their outputs written to storage. */
export type JobRunner = {
  /** Accepts a start; resolves when a crash would not forget it. */
  start(job: Job): Promise<void>
  /** Stops a job that is not final, also its worker thread; others stay as they are. */
  cancel(job: Job): Promise<void>
  /** 0 to 1. */
  progress(jobId: string): number
  /** Runs again, under the same id, what a restart interrupted. */
  resume(): void
  close(): Promise<void>
}

export type RunnerParts = {
  store: Store
  pool: WorkerPool
  files: JobFiles
  models: ModelFiles
  clock: Clock
  /** The model that an endpoint answers with now; undefined where it has none. */
  modelOf(endpointId: string): string | undefined
  limits: { maxInputBytes: number; maxCells: number; runningJobsPerEndpoint: number }
  /** Hears of every job that came to its end. */
  onEnd(job: Job): void
  report(line: string): void
}

type Active = { stop: AbortController; progress: number; ended: Promise<void> }

type Runner = RunnerParts & {
  permits: Permits
  /** Jobs under way: started and not final. */
  active: Map<string, Active>
  /** Set once: what comes to an end after that is left as it is, to run again at the next start. */
  closing: boolean
}

/** Creates the runner. Nothing runs before `start` or `resume`. */
export function createJobRunner(parts: RunnerParts): JobRunner {
  const { store, clock } = parts
  const permits = createPermits(parts.limits.runningJobsPerEndpoint)
  const runner: Runner = { ...parts, permits, active: new Map(), closing: false }
  return {
    async start(job) {
      const started: Job = { ...job, startedAtMs: clock.nowMs() }
      await store.put('job', started)
      begin(runner, started)
    },
    async cancel(job) {
      if (isFinal(job)) return
      runner.active.get(job.id)?.stop.abort(new Error('the job was cancelled'))
      await finish(runner, job.id, { status: 'Cancelled' })
    },
    progress: (id) => runner.active.get(id)?.progress ?? (store.job(id)?.status === 'Finished' ? 1 : 0),
    resume() {
      const interrupted = [...store.jobs()].filter((job) => job.startedAtMs !== undefined && !isFinal(job))
      for (const job of interrupted.sort((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0)))
        begin(runner, job)
    },
    async close() {
      runner.closing = true
      const entries = [...runner.active.values()]
      for (const entry of entries) entry.stop.abort(new Error('the emulator is closing'))
      await Promise.all(entries.map((entry) => entry.ended))
    },
  }
}

function begin(runner: Runner, job: Job): void {
  const entry: Active = { stop: new AbortController(), progress: 0, ended: Promise.resolve() }
  runner.active.set(job.id, entry)
  entry.ended = execute(runner, job, entry)
    .then((rows) => finish(runner, job.id, { status: 'Finished', rows }))
    .catch((error: unknown) => fail(runner, job.id, entry.stop.signal, error))
    .catch((error: unknown) => runner.report(`Cannot end job ${job.id}: ${String(error)}`))
    .finally(() => runner.active.delete(job.id))
}

async function execute(runner: Runner, job: Job, entry: Active): Promise<number> {
  const { signal } = entry.stop
  if (job.inputs !== undefined && job.plannedFailure === undefined) {
    await runner.files.copyInputs(job, { maxBytes: runner.limits.maxInputBytes, signal })
    signal.throwIfAborted()
    await runner.store.put('job', withoutInputs(job))
  }
  await until(runner.clock, job.notBeforeMs ?? 0, signal)
  const release = await permit(runner.permits, job.endpointId, signal)
  try {
    return await runTask(runner, job.id, entry)
  } finally {
    release()
  }
}

async function runTask(runner: Runner, id: string, entry: Active): Promise<number> {
  const { signal } = entry.stop
  const { status: _, ...waiting } = jobOf(runner, id)
  const job: Job = { ...waiting, status: 'Running', runs: (waiting.runs ?? 0) + 1 }
  await runner.store.put('job', job)
  const definition = runner.store.definition(job.definition)
  if (definition === undefined) throw new Error('its web service is gone')
  signal.throwIfAborted()
  const { rows } = await runner.pool.run(taskOf(runner, job, definition), {
    signal,
    onProgress: (progress) => {
      entry.progress = progress
    },
  })
  signal.throwIfAborted()
  await runner.files.uploadOutputs(job, definition, signal)
  signal.throwIfAborted()
  return rows
}

async function fail(runner: Runner, id: string, signal: AbortSignal, error: unknown): Promise<void> {
  if (signal.aborted) return
  const job = jobOf(runner, id)
  const definition = runner.store.definition(job.definition)
  const details = detailsOf(error, job, definition, runner.clock.nowMs())
  await finish(runner, id, { status: 'Failed', details })
}

/** Brings a job to its end, once, and forgets its inputs. */
async function finish(runner: Runner, id: string, changes: Partial<Job>): Promise<void> {
  const job = jobOf(runner, id)
  if (isFinal(job) || runner.closing) return
  const ended: Job = { ...withoutInputs(job), ...changes, finishedAtMs: runner.clock.nowMs() }
  await runner.store.put('job', ended)
  runner.onEnd(ended)
  await runner.files.remove(id)
}

function withoutInputs(job: Job): Job {
  const { inputs: _, ...rest } = job
  return rest
}

function jobOf(runner: Runner, id: string): Job {
  const job = runner.store.job(id)
  if (job === undefined) throw new Error(`Cannot go on with job ${id}: it is gone`)
  return job
}

function taskOf(parts: RunnerParts, job: Job, definition: Definition): Task {
  if (job.plannedFailure !== undefined) throw new TaskFailed({ kind: 'data', message: job.plannedFailure })
  const model = definition.kind === 'predictive' ? parts.modelOf(job.endpointId) : undefined
  if (definition.kind === 'predictive' && model === undefined) throw new Error('its endpoint has no model')
  return {
    definition,
    inputFiles: parts.files.inputFiles(job),
    outputFiles: parts.files.outputFiles(job, definition),
    ...(model === undefined ? {} : { modelFile: parts.models.path(model) }),
    parameters: job.parameters,
    maxCells: parts.limits.maxCells,
  }
}

function detailsOf(error: unknown, job: Job, definition: Definition | undefined, atMs: number): string {
  const facts = { jobId: job.id, taskId: randomUUID(), requestId: randomUUID(), atMs }
  if (error instanceof BlobUnavailable && !(error instanceof BlobRefused)) {
    return blobFailureDetails({
      ...facts,
      module: 'Import Data',
      failure: { kind: 'data', message: error.message },
    })
  }
  const module = definition === undefined ? 'Web service' : moduleOf(definition)
  return moduleFailureDetails({ ...facts, module, failure: failureOf(error) })
}

function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskFailed) return error.failure
  if (error instanceof BlobRefused) return { kind: 'data', message: `Cannot read input: ${error.reason}` }
  return { kind: 'internal', message: error instanceof Error ? error.message : String(error) }
}
