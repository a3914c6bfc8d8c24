import { TerminalError } from '../retraining/errors.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { Run } from '../retraining/run.ts'
import {
  CredentialRefused,
  type EndpointPort,
  type ResourceLocation,
  type TrainingPort,
} from '../retraining/services.ts'
import type { Clock, RunStore, SettingsStore } from '../retraining/stores.ts'
import { addAnswers, type Thrown, type WireAnswer, type WireCall } from '../retraining/wireAnswers.ts'

/** The ports whose answers are kept. */
export type RecordedPorts = TrainingPort & EndpointPort & SettingsStore & Pick<RunStore, 'commit'>

type Options = RecordedPorts & Pick<Clock, 'now'> & { redact(text: string): string }

/** An answer that was not written yet, and whose it is: a job's, an endpoint's or a model's. */
type Heard = WireAnswer & { of: string }

/** What nobody commits is let go: an invocation that decides nothing. */
const mostHeard = 200

/**
 * Keeps what services and settings answer on the run that was decided on: written with the commit of the decision, so that it
 * costs no call of its own. Without tokens, and every text redacted.
 */
export function createRecordedAnswers(ports: Options): RecordedPorts {
  const ears = createEars(ports)
  const { listen } = ears
  const { commit } = ports
  return {
    ...ofTraining(ports, listen),
    ...ofEndpoints(ports, listen),
    readSettings: async (key) => {
      const settings = await ports.readSettings(key)
      if (settings !== undefined) ears.heard('settings', modelName(key), settings)
      if (settings !== undefined) ears.owns(settings.endpoint.url, key)
      return settings
    },
    readTrainingService: async (name) => {
      const service = await ports.readTrainingService(name)
      if (service !== undefined) ears.heard('service', name, service)
      return service
    },
    async commit(key, changes) {
      const runs = changes.runs?.map((change) => ({ ...change, value: ears.withAnswers(change.value) }))
      const outcome = await commit(key, runs === undefined ? changes : { ...changes, runs })
      if (outcome === 'committed') for (const { value } of changes.runs ?? []) ears.forget(value)
      return outcome
    },
  }
}

type Listen = <Answer>(
  call: WireCall,
  of: string,
  asked: () => Promise<Answer>,
  shown?: (answer: Answer) => unknown,
) => Promise<Answer>

function ofTraining(ports: TrainingPort, listen: Listen): TrainingPort {
  return {
    submitJob: (service, input) =>
      listen('submitJob', inputOwner(input), () => ports.submitJob(service, input)),
    startJob: (service, jobId) => listen('startJob', jobId, () => ports.startJob(service, jobId)),
    getJob: (service, jobId) => listen('getJob', jobId, () => ports.getJob(service, jobId)),
    deleteJob: (service, jobId) => listen('deleteJob', jobId, () => ports.deleteJob(service, jobId)),
  }
}

function ofEndpoints(ports: EndpointPort, listen: Listen): EndpointPort {
  return {
    describeEndpoint: (endpoint) =>
      listen('describeEndpoint', endpoint.url, () => ports.describeEndpoint(endpoint)),
    updateEndpoint: (endpoint, location) =>
      listen(
        'updateEndpoint',
        endpoint.url,
        () => ports.updateEndpoint(endpoint, location),
        () => ({ location }),
      ),
    score: (endpoint, rows) =>
      listen(
        'score',
        endpoint.url,
        () => ports.score(endpoint, rows),
        (answers) => (rows.length === 1 ? answers : { rows: rows.length }),
      ),
  }
}

function createEars({ now, redact }: Options) {
  let heardSoFar: Heard[] = []
  const owners = new Map<string, string>()
  const heard = (call: WireCall, of: string, answer: unknown) => {
    const text = JSON.stringify(shown(answer ?? null, redact))
    heardSoFar = [...heardSoFar, { of, atMs: now(), call, answer: text }].slice(-mostHeard)
  }
  const listen: Listen = async (call, of, asked, show = (answer) => answer) => {
    try {
      const answer = await asked()
      heard(call, of, show(answer))
      return answer
    } catch (error) {
      heard(call, of, thrownOf(error))
      throw error
    }
  }
  const isOf = (run: Run, { of }: Heard) =>
    of === run.jobId || of === run.trainingService || (owners.get(of) ?? of) === modelName(run)
  return {
    heard,
    listen,
    owns: (url: string, key: ModelKey) => void owners.set(url, modelName(key)),
    withAnswers(run: Run): Run {
      const own = heardSoFar.filter((one) => isOf(run, one)).map(({ of: _of, ...answer }) => answer)
      return own.length === 0 ? run : { ...run, answers: addAnswers(run.answers ?? [], own) }
    },
    forget(run: Run) {
      heardSoFar = heardSoFar.filter((one) => !isOf(run, one) || one.call === 'service')
    },
  }
}

function thrownOf(error: unknown): Thrown {
  const kind =
    error instanceof CredentialRefused
      ? 'credential'
      : error instanceof TerminalError
        ? 'terminal'
        : error instanceof Error && error.name === 'RetryableError'
          ? 'retryable'
          : 'unknown'
  return { thrown: { kind, message: error instanceof Error ? error.message : String(error) } }
}

/** Without tokens, and every text redacted, at any depth. */
function shown(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => shown(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'sasBlobToken')
      .map(([name, entry]) => [name, shown(entry, redact)]),
  )
}

function modelName({ customerId, model }: ModelKey): string {
  return `${customerId}/${model}`
}

/** `training-sets/contoso/census/...` is an input of `contoso/census`. */
function inputOwner({ relativeLocation }: ResourceLocation): string {
  return relativeLocation.split('/').slice(1, 3).join('/')
}
