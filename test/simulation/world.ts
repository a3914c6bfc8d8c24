import { type AppPorts, createAppPorts, type Limits } from '../../shared/adapters/appPorts.ts'
import { createRedact } from '../../shared/lib/redact.ts'
import { keepAll } from '../../shared/retraining/retention.ts'
import { createMemoryReceiver } from '../fakes/memoryReceiver.ts'
import type { Bug } from './bugs.ts'
import { checkArchived, checkSubmitted, createPatchWitness, createStartWitness } from './checkCalls.ts'
import { checkRemoval } from './checkKept.ts'
import { simulatedContainer } from './containers.ts'
import { type EndpointTruth, simulatedEndpoints } from './endpoints.ts'
import type { Fleet } from './fleet.ts'
import { staging } from './holdouts.ts'
import { createPollLedger } from './polls.ts'
import { type SimQueue, simulatedQueue } from './queues.ts'
import type { Call, Invocation, Sim } from './sim.ts'
import { createSlotWitness, type SlotOrder } from './slotOrder.ts'
import { createMemoryStores, type MemoryStores, mapStores } from './stores.ts'
import { simulatedTable } from './tables.ts'
import { createTrainingTruth, simulatedTraining, type TrainingTruth } from './trainingService.ts'
import { createWitness, type Witness } from './witness.ts'

const redact = createRedact()

const limits: Limits = {
  pollFirstSeconds: 30,
  pollMaxSeconds: 120,
  checkDelaySeconds: 30,
  checkDeadlineSeconds: 300,
  claimSeconds: 120,
  slotLeaseSeconds: 300,
  retrySeconds: 30,
  maxTrainingSetBytes: 1_000_000,
  maxModelBytes: 1_000_000,
  tickSeconds: 30,
  sweepPages: 4,
  sweepPageBlobs: 2,
  pollsAtOnce: 4,
  retention: { ...keepAll, trainingSetsDays: 0.01, modelsDays: 0.02, dropsDays: 0.03, deadLettersDays: 1 },
  jobDeadlineMinutes: 60,
}

/** Storage, services and witness of one seed, before any function runs. */
export type World = {
  stores: MemoryStores
  training: TrainingTruth
  endpoints: EndpointTruth
  witness: Witness
  fleet: Fleet
  /** The app's ports as one invocation has them. */
  connect(invocation: Invocation): AppPorts
}

/** Makes the world; `wake` is called for every moment at which a message of a queue may get visible. */
export function createWorld(
  sim: Sim,
  fleet: Fleet,
  from: {
    call: Call
    wake(queue: string, delayMs: number): void
    updating(partition: string): void
    order: Pick<SlotOrder, 'slackMs' | 'isActive'>
    bug: Bug | undefined
  },
): World {
  const stores = createMemoryStores(sim.agenda)
  const readManifest = (name: string) => stores.containers.trainingSets.text(name)
  const granted = createSlotWitness(sim, () => witness, { services: fleet.services, ...from.order })
  const witness: Witness = createWitness(sim, readManifest, { updating: from.updating, granted })
  const training = createTrainingTruth(
    sim,
    createStartWitness(sim, () => witness, fleet.services),
  )
  const endpoints: EndpointTruth = {
    endpoints: new Map(
      [...allModels(fleet).map(({ endpoint }) => endpoint), staging].map(({ url }) => [
        url,
        newEndpoint(url),
      ]),
    ),
    masked: new Set(),
    readModel: (location) => stores.containers.models.text(location.replace(/^models\//, '')),
  }
  const owners = new Map(
    allModels(fleet).map((model) => [model.endpoint.url, `${model.customerId}|${model.model}`]),
  )
  const patchWitness = createPatchWitness(sim, () => witness, { endpointOwner: (url) => owners.get(url) })
  const ledger = createPollLedger(sim, witness)
  const { call, bug, wake } = from
  let ids = 0
  const connect = (invocation: Invocation): AppPorts => {
    const services = {
      ...simulatedTraining(training, {
        sim,
        call,
        invocation,
        submitting: (job) => submitting(sim, fleet, job),
      }),
      ...simulatedEndpoints(endpoints, { sim, call, invocation, witness: patchWitness }),
    }
    const ports = createAppPorts(
      storesOf(invocation),
      {
        ...services,
        ...createMemoryReceiver(),
        now: () => sim.agenda.now() + invocation.host.skewMs,
        newId: () => `id${++ids}`,
        random: () => sim.random.next(),
        redact,
        log: { info: logLine(invocation), warn: logLine(invocation), error: logLine(invocation) },
      },
      limits,
    )
    return bug === undefined ? ports : bug(ports, invocation)
  }
  const logLine =
    (invocation: Invocation) =>
    (fields: Readonly<Record<string, string | number | undefined>>, text: string): void => {
      witness.searched('the log', `${text} ${JSON.stringify(fields)}`)
      sim.trace.note(invocation.id, () => `log: ${text}`)
    }
  const storesOf = (invocation: Invocation) =>
    mapStores(stores, {
      table: (name, table) => simulatedTable(name, table, { call, invocation, written: witness.written }),
      container: (store) =>
        simulatedContainer(store, { sim, call, invocation, written: blobWritten, removing }),
      queue: (name) =>
        simulatedQueue(queueOf(stores, name, wake), {
          sim,
          call,
          invocation,
          sent: (queue, body) => witness.searched(`queue ${queue}`, JSON.stringify(body)),
          received: (queue, message) => void (queue === 'trainingJobs' && ledger.received(message)),
          hidden: (queue, message, seconds) =>
            void (queue === 'trainingJobs' && ledger.hidden(message, seconds)),
        }),
    })
  const removing = (container: string, name: string) => checkRemoval(sim, stores, container, name)
  const blobWritten = (container: string, name: string) => {
    if (container !== 'models') return
    checkArchived(sim, witness, training.jobs, { name, content: stores.containers.models.text(name) })
  }
  return { stores, training, endpoints, witness, fleet, connect }
}

/** A queue by name, with what wakes its function. */
export function queueOf(
  stores: MemoryStores,
  name: string,
  wake: (queue: string, delayMs: number) => void,
): SimQueue {
  const store = stores.queues[name as keyof MemoryStores['queues']]
  return { name, store, wake: (delayMs) => wake(name, delayMs) }
}

/** Every model, those included that are added later. */
export function allModels(fleet: Fleet) {
  return [...fleet.models, ...fleet.late]
}

function submitting(sim: Sim, fleet: Fleet, job: Parameters<typeof checkSubmitted>[2]): void {
  const [, customerId, model] = job.input.relativeLocation.split('/')
  const settings = allModels(fleet).find((one) => one.customerId === customerId && one.model === model)
  const service = fleet.services.find(({ name }) => name === settings?.trainingService)
  checkSubmitted(sim, service && { partition: `${customerId}|${model}`, jobsUrl: service.jobsUrl }, job)
}

function newEndpoint(url: string) {
  return {
    url,
    names: { baseLocation: 'https://studio.example/', relativeLocation: 'deployed' },
    answers: 'deployed',
    isUnseen: false,
    refusesUntilMs: 0,
  }
}
