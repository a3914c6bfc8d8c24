import type {
  Endpoint,
  EndpointDescription,
  EndpointPort,
  Job,
  ResourceLocation,
  ScoringRow,
  TrainingPort,
} from '../../shared/retraining/services.ts'
import { createMemoryReceiver } from './memoryReceiver.ts'

type HeldJob = { id: string; input: ResourceLocation; starts: number; status: Job; readyAtMs: number }

/** Operations a test can put a fault before or after. */
export type Operation = keyof TrainingPort | keyof EndpointPort | 'openOutput'

/** What happens at the next call of an operation: before its effect, or after it. */
export type Fault = { when: 'before' | 'after'; act: () => void | Promise<void> }

/**
 * Training services, one endpoint and a staging endpoint (any URL that ends in `/staging`) in memory, on the given clock; jobs
 * take `trainSeconds`. A `deaf` endpoint answers a PATCH and does nothing; a `stuck` one names the new model and goes on
 * answering with the old. `answers.with` says what a model answers for a row.
 */
export function createMemoryServices(clock: { now(): number }, options = { trainSeconds: 60 }) {
  const jobs = new Map<string, HeldJob>()
  const faults = new Map<Operation, Fault[]>()
  const patches: ResourceLocation[] = []
  const calls: string[] = []
  const [endpoint, staging] = [newEndpoint('contoso'), newEndpoint('staging')]
  const at = ({ url }: Endpoint) => (url.endsWith('/staging') ? staging : endpoint)
  const answers = {
    with: (model: string, _row: ScoringRow): Record<string, string> => ({ 'Scored Labels': `by ${model}` }),
  }
  const receiver = createMemoryReceiver()
  const run = async <Answer>(operation: Operation, effect: () => Answer): Promise<Answer> => {
    calls.push(operation)
    const fault = faults.get(operation)?.shift()
    if (fault?.when === 'before') await fault.act()
    const answer = effect()
    if (fault?.when === 'after') await fault.act()
    return answer
  }
  const jobOf = (id: string) => {
    const job = jobs.get(id)
    if (job?.status.status === 'Running' && clock.now() >= job.readyAtMs) {
      job.status = { status: 'Finished', outputs: outputsOf(job) }
    }
    return job
  }
  const training: TrainingPort = {
    submitJob: (_service, input) =>
      run('submitJob', () => {
        const id = `job${jobs.size + 1}`
        jobs.set(id, { id, input, starts: 0, status: { status: 'NotStarted' }, readyAtMs: 0 })
        return id
      }),
    startJob: (_service, id) =>
      run('startJob', () => {
        const job = jobOf(id)
        if (job === undefined || job.status.status !== 'NotStarted') return 'cannotStart'
        job.starts++
        job.status = { status: 'Running' }
        job.readyAtMs = clock.now() + options.trainSeconds * 1000
        return 'started'
      }),
    getJob: (_service, id) => run('getJob', () => jobOf(id)?.status ?? 'gone'),
    deleteJob: (_service, id) =>
      run('deleteJob', () => {
        const job = jobOf(id)
        if (job?.status.status === 'NotStarted' || job?.status.status === 'Running') {
          job.status = { status: 'Cancelled' }
        }
      }),
  }
  const endpoints: EndpointPort = {
    describeEndpoint: (called) => run('describeEndpoint', () => structuredClone(at(called).description)),
    updateEndpoint: (called, location) =>
      run('updateEndpoint', () => {
        const endpoint = at(called)
        if (endpoint !== staging) patches.push(location)
        if (endpoint.deaf || endpoint.description === 'gone') return
        const { baseLocation, relativeLocation } = location
        for (const resource of endpoint.description.resources) {
          Object.assign(resource, { baseLocation, relativeLocation })
        }
        if (!endpoint.stuck) endpoint.answering = relativeLocation
      }),
    score: (called, rows) => run('score', () => rows.map((row) => answers.with(at(called).answering, row))),
  }
  return {
    ...training,
    ...endpoints,
    postWebhook: receiver.postWebhook,
    checkWebhookUrl: receiver.checkWebhookUrl,
    receiver,
    openOutput: (from: ResourceLocation) => run('openOutput', () => chunks(contentOf(from))),
    jobs,
    endpoint,
    staging,
    answers,
    patches,
    calls,
    /** Puts a fault at the next call of an operation. */
    fault(operation: Operation, when: Fault['when'], act: Fault['act']) {
      faults.set(operation, [...(faults.get(operation) ?? []), { when, act }])
    },
    fail(id: string, details: string) {
      const job = jobs.get(id)
      if (job !== undefined) job.status = { status: 'Failed', details }
    },
  }
}

type HeldEndpoint = {
  description: EndpointDescription | 'gone'
  answering: string
  deaf: boolean
  stuck: boolean
}

function newEndpoint(name: string): HeldEndpoint {
  const resource = { name: 'Census Model [trained model]', baseLocation: '', relativeLocation: 'deployed' }
  const description = { name, isDefault: false, preventUpdate: false, resources: [resource] }
  return { description, answering: 'deployed', deaf: false, stuck: false }
}

function outputsOf(job: HeldJob): Record<string, ResourceLocation> {
  const at = (file: string) => ({
    baseLocation: 'https://service.blob.core.windows.net/',
    relativeLocation: `out/${job.id}/${job.input.relativeLocation}/${file}`,
    sasBlobToken: '?sig=theirs',
  })
  return { output1: at('model.ilearner'), output2: at('evaluation.csv') }
}

function contentOf(from: ResourceLocation): string {
  return from.relativeLocation.endsWith('.csv')
    ? 'Accuracy,AUC\n0.81,0.9\n'
    : `model ${from.relativeLocation}`
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
