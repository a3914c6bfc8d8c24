import { TerminalError } from '../../shared/retraining/errors.ts'
import type { Job, ResourceLocation, StartOutcome, TrainingPort } from '../../shared/retraining/services.ts'
import { latencyMs } from './calls.ts'
import { canary, sasExpiryMs, sasToken } from './containers.ts'
import type { Call, Invocation, Sim } from './sim.ts'

/** A job at the training service: what really happened, whatever the app recorded. */
export type SimJob = {
  id: string
  jobsUrl: string
  input: ResourceLocation
  state: 'NotStarted' | 'Running' | 'Finished' | 'Failed' | 'Cancelled' | 'gone'
  details: string
  startedAtMs?: number
  /** A started job may wait in the service's queue, where it still says NotStarted. */
  runsFromMs: number
}

/** The training services' truth, and the events of it that a witness wants to see. */
export type TrainingTruth = {
  jobs: Map<string, SimJob>
  submitted(jobsUrl: string, input: ResourceLocation): string
  started(jobId: string): StartOutcome
  asked(jobId: string): Job | 'gone'
  deleted(jobId: string): void
  /** What is behind a job's output. */
  output(from: ResourceLocation): string
}

/** Told of a job right before it starts. */
export type StartWitness = (job: SimJob, jobs: ReadonlyMap<string, SimJob>) => void

/** Training services on the virtual clock: jobs queue, run, finish, fail, get stuck or vanish. */
export function createTrainingTruth(sim: Sim, beforeStart: StartWitness): TrainingTruth {
  const { agenda, random, faults, trace } = sim
  const jobs = new Map<string, SimJob>()
  const end = (job: SimJob) => {
    if (job.state !== 'Running') return
    const expired = faults.happens('expiredSas') || sasExpiryMs(job.input.sasBlobToken) < agenda.now()
    if (faults.happens('jobGone')) job.state = 'gone'
    else if (expired)
      fail(job, `AuthenticationFailed: ${urlOf(job.input)} has expired, Authorization: Bearer ${canary}`)
    else if (faults.happens('jobPlatformFailure'))
      fail(job, `InternalError while reading ${urlOf(job.input)}`)
    else if (faults.happens('jobDataFailure'))
      fail(job, `Error 0018: column income of ${urlOf(job.input)} is missing`)
    else job.state = 'Finished'
    trace.note('training service', () => `${job.id} ${job.state} ${job.details.slice(0, 20)}`)
  }
  return {
    jobs,
    submitted(jobsUrl, input) {
      const id = `job${jobs.size + 1}`
      jobs.set(id, { id, jobsUrl, input, state: 'NotStarted', details: '', runsFromMs: 0 })
      return id
    },
    started(jobId) {
      const job = jobs.get(jobId)
      if (job === undefined || job.state === 'gone')
        throw new TerminalError('Cannot start the job: 404 not found')
      if (job.state !== 'NotStarted') return 'cannotStart'
      beforeStart(job, jobs)
      job.state = 'Running'
      job.startedAtMs = agenda.now()
      job.runsFromMs = agenda.now() + (random.chance(0.3) ? random.between(0, 120_000) : 0)
      const minutes = faults.happens('slowJob') ? random.between(30, 600) : random.between(0.5, 8)
      agenda.after(job.runsFromMs - agenda.now() + minutes * 60_000, () => end(job))
      return 'started'
    },
    asked(jobId) {
      const job = jobs.get(jobId)
      return job === undefined || job.state === 'gone' ? 'gone' : statusOf(job, agenda.now())
    },
    deleted(jobId) {
      const job = jobs.get(jobId)
      if (job?.state === 'NotStarted') job.state = random.chance(0.5) ? 'gone' : 'Cancelled'
      if (job?.state !== 'Running') return
      agenda.after(latencyMs(random) * 10, () => {
        if (job.state === 'Running') job.state = 'Cancelled'
      })
    },
    output: (from) =>
      from.relativeLocation.endsWith('.csv') ? evaluationOf(from) : `model of ${from.relativeLocation}`,
  }
}

/** A figure that goes with the job; of some jobs it is no number. */
function evaluationOf({ relativeLocation }: ResourceLocation): string {
  const job = Number(/job(\d+)/.exec(relativeLocation)?.[1])
  const AUC = job % 13 === 7 ? 'NaN' : String(0.7 + ((job * 37) % 30) / 100)
  return `Accuracy,AUC\n0.81,${AUC}\n`
}

function fail(job: SimJob, details: string): void {
  job.state = 'Failed'
  job.details = details
}

/** The whole address, token and all: real services say it in their errors. */
function urlOf(location: ResourceLocation): string {
  return `${location.baseLocation}${location.relativeLocation}${location.sasBlobToken}`
}

function statusOf(job: SimJob, nowMs: number): Job {
  switch (job.state) {
    case 'Running':
      return { status: nowMs < job.runsFromMs ? 'NotStarted' : 'Running' }
    case 'Finished':
      return { status: 'Finished', outputs: outputsOf(job, nowMs) }
    case 'Failed':
      return { status: 'Failed', details: job.details }
    case 'NotStarted':
    case 'Cancelled':
      return { status: job.state }
    case 'gone':
      throw new Error(`Cannot tell the status of ${job.id}: it is gone`)
  }
}

function outputsOf(job: SimJob, nowMs: number): Record<string, ResourceLocation> {
  const at = (file: string) => ({
    baseLocation: 'https://service.blob.core.windows.net/',
    relativeLocation: `outputs/${job.id}/${file}`,
    sasBlobToken: sasToken(nowMs, nowMs + 3_600_000),
  })
  return { output1: at('model.ilearner'), output2: at('evaluation.csv') }
}

/** The port to the training services as one invocation sees it. */
export function simulatedTraining(
  truth: TrainingTruth,
  access: {
    sim: Sim
    call: Call
    invocation: Invocation
    submitting(job: { jobsUrl: string; input: ResourceLocation }): void
  },
): TrainingPort & { openOutput(from: ResourceLocation): Promise<AsyncIterable<Uint8Array>> } {
  const { sim, call, invocation } = access
  const ask = <Answer>(text: () => string, apply: () => Answer) =>
    call(invocation, { kind: 'service', text }, apply)
  return {
    submitJob: ({ jobsUrl }, input) => {
      access.submitting({ jobsUrl, input })
      return ask(
        () => `submit job for ${input.relativeLocation}`,
        () => truth.submitted(jobsUrl, input),
      )
    },
    startJob: (_service, id) =>
      ask(
        () => `start ${id}`,
        () => truth.started(id),
      ),
    getJob: (_service, id) =>
      ask(
        () => `ask for ${id}`,
        () => truth.asked(id),
      ),
    deleteJob: (_service, id) =>
      ask(
        () => `delete ${id}`,
        () => truth.deleted(id),
      ),
    openOutput: (from) =>
      ask(
        () => `open ${from.relativeLocation}`,
        () => outputStream(sim, truth.output(from)),
      ),
  }
}

async function* outputStream(sim: Sim, text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  yield bytes.subarray(0, 5)
  if (sim.faults.happens('streamCut')) throw new Error('socket hang up')
  yield bytes.subarray(5)
}
