import { type AppPorts, createAppPorts, type Limits, type Stores } from '../../shared/adapters/appPorts.ts'
import { acceptDrop } from '../../shared/retraining/acceptDrop.ts'
import type { ReceivedMessage } from '../../shared/retraining/buryMessage.ts'
import { pollJobs } from '../../shared/retraining/pollJobs.ts'
import { reconcile } from '../../shared/retraining/reconcile.ts'
import type { ModelSettings } from '../../shared/retraining/settings.ts'
import { startRequested } from '../../shared/retraining/startRequested.ts'
import { updateEndpoint } from '../../shared/retraining/updateEndpoint.ts'
import { workWebhooks } from '../../shared/retraining/workWebhooks.ts'
import type { CrashPlan } from './crash.ts'
import { createMemoryBlobs } from './memoryBlobs.ts'
import { createMemoryQueue } from './memoryQueue.ts'
import { createMemoryServices } from './memoryServices.ts'
import { createMemoryTable } from './memoryTable.ts'
import { createSurroundings } from './surroundings.ts'
import { createVirtualClock } from './virtualClock.ts'
import { wrapped, wrappedStores } from './wrapped.ts'

/** Settings of the customer every test uses, without a quiet period. */
export const settings: ModelSettings = {
  customerId: 'contoso',
  model: 'census',
  trainingService: 'census training',
  endpoint: {
    url: 'https://management.azureml.net/workspaces/w/webservices/s/endpoints/contoso',
    scoringUrl: 'https://ussouthcentral.services.azureml.net/workspaces/w/services/e',
    apiKey: 'env:CONTOSO_KEY',
    resourceName: 'Census Model [trained model]',
  },
  trainingData: 'latest',
  quietSeconds: 0,
  maxQuietSeconds: 0,
  jobDeadlineMinutes: 60,
  gate: { kind: 'always' },
  probeRow: { age: '39' },
  driftPolicy: 'mend',
}

/** The training service of that customer. */
export const service = {
  name: 'census training',
  jobsUrl: 'https://ussouthcentral.services.azureml.net/workspaces/w/services/t/jobs',
  apiKey: 'env:TRAINING_KEY',
  inputPort: 'input1',
  modelPort: 'output1',
  evaluationPort: 'output2',
  maxJobsInFlight: 40,
}

/** Times and sizes as tests use them. */
export const limits: Limits = {
  jobDeadlineMinutes: 60,
  pollFirstSeconds: 10,
  pollMaxSeconds: 60,
  checkDelaySeconds: 30,
  checkDeadlineSeconds: 600,
  claimSeconds: 120,
  slotLeaseSeconds: 300,
  retrySeconds: 30,
  maxTrainingSetBytes: 1_000_000,
  maxModelBytes: 1_000_000,
  tickSeconds: 30,
  pollsAtOnce: 4,
}

/** The whole app over memory on a virtual clock, with the hosts' part (queues, timers) played step by step. */
export async function createWorld(overrides: Partial<ModelSettings> = {}, crash?: CrashPlan) {
  const clock = createVirtualClock()
  const services = createMemoryServices(clock)
  const tables = {
    customers: createMemoryTable(),
    models: createMemoryTable(),
    webservices: createMemoryTable(),
    slots: createMemoryTable(),
    waiting: createMemoryTable(),
    unclaimed: createMemoryTable(),
    deadLetters: createMemoryTable(),
    cursors: createMemoryTable(),
    controls: createMemoryTable(),
    schedules: createMemoryTable(),
    audit: createMemoryTable(),
    webhooks: createMemoryTable(),
    subscriptions: createMemoryTable(),
    usage: createMemoryTable(),
    counters: createMemoryTable(),
  }
  const queues = {
    startRequests: createMemoryQueue(clock),
    trainingJobs: createMemoryQueue(clock),
    endpointUpdates: createMemoryQueue(clock),
    trainingDataEvents: createMemoryQueue(clock),
    webhooks: createMemoryQueue(clock),
  }
  const containers = {
    trainingData: createMemoryBlobs('training-data', clock),
    trainingSets: createMemoryBlobs('training-sets', clock),
    models: createMemoryBlobs('models', clock),
    holdouts: createMemoryBlobs('holdouts', clock),
  }
  const stores = { tables, queues, containers } satisfies Stores
  const lines: string[] = []
  const line = (_fields: unknown, text: string) => void lines.push(text)
  let ids = 0
  const ports = createAppPorts(
    crash === undefined ? stores : wrappedStores(stores, crash),
    {
      ...wrapped(services, crash),
      now: clock.now,
      newId: () => `id${++ids}`,
      random: () => 0.5,
      redact: (text) => text.replace(/\?[^ ]*sig=[^ ]*/g, '?[cut]').slice(0, 4_000),
      log: { info: line, warn: line, error: line },
    },
    limits,
  )
  await ports.putTrainingService(service)
  await ports.putSettings({ ...settings, ...overrides })
  crash?.restart()
  const connected = Object.assign(ports, createSurroundings(clock))
  return {
    ...hostOf(ports, queues, clock, crash),
    ports: connected,
    services,
    clock,
    tables,
    queues,
    containers,
    lines,
  }
}

/** A world as tests use it. */
export type World = Awaited<ReturnType<typeof createWorld>>

type Played = Record<'startRequests' | 'trainingJobs' | 'endpointUpdates' | 'webhooks', MemoryQueue>
type MemoryQueue = ReturnType<typeof createMemoryQueue>

/** What the Functions host does: hands over due messages, deletes them on success, shows them again after a failure. */
function hostOf(
  ports: AppPorts,
  queues: Played,
  clock: ReturnType<typeof createVirtualClock>,
  crash: CrashPlan | undefined,
) {
  const drain = async (queue: MemoryQueue, work: (received: ReceivedMessage) => Promise<void>) => {
    for (let count = 0; count < 100; count++) {
      const [message] = await queue.receive(1, 600)
      if (message === undefined) return
      try {
        await work({ id: message.id, body: message.body })
        await queue.remove(message)
      } catch {
        await queue.hide(message, 30)
        crash?.revive()
      }
    }
  }
  const step = async () => {
    await drain(queues.startRequests, (received) => startRequested(ports, received))
    await pollJobs(ports).catch(() => undefined)
    crash?.revive()
    await drain(queues.endpointUpdates, (received) => updateEndpoint(ports, received))
    await drain(queues.webhooks, (received) => workWebhooks(ports, received))
  }
  const key = { customerId: settings.customerId, model: settings.model }
  return {
    key,
    step,
    drop: async (name: string) => acceptDrop(ports, name),
    /** Plays the host for so many seconds of virtual time. */
    play: async (seconds: number, everySeconds = 10) => {
      for (let passed = 0; passed < seconds; passed += everySeconds) {
        await step()
        clock.advance(everySeconds)
      }
      await step()
    },
    reconcile: async () => {
      await reconcile(ports).catch(() => undefined)
      crash?.revive()
    },
    run: async (generation: number) => (await ports.readRun({ ...key, generation }))?.value,
    head: async () => (await ports.readHead(key))?.value,
  }
}

/** The blob most tests drop. */
export const march = 'contoso/census/march.csv'

/** Writes a training-data blob and hands its event to the app. */
export async function dropped(world: World, name = march, text = 'age\n39\n'): Promise<void> {
  await world.containers.trainingData.putText(name, text)
  await world.drop(name)
}

/** How often each job was started, in order of submission. */
export function starts(world: World): number[] {
  return [...world.services.jobs.values()].map((job) => job.starts)
}
