import { createAppPorts, type Outside } from '../../shared/adapters/appPorts.ts'
import type { Drop } from '../../shared/retraining/drop.ts'
import { emptyHead } from '../../shared/retraining/head.ts'
import type { Run } from '../../shared/retraining/run.ts'
import { createMemoryBlobs } from '../../test/fakes/memoryBlobs.ts'
import { createMemoryQueue } from '../../test/fakes/memoryQueue.ts'
import { createMemoryTable } from '../../test/fakes/memoryTable.ts'
import { limits, service, settings } from '../../test/fakes/world.ts'
import { createLargeContainer, isFresh } from './container.ts'

const nowMs = Date.UTC(2026, 0, 31)
const oldMs = nowMs - 30 * 86_400_000

/**
 * How large the account is: so many customers; the first `heavy` of them share the old blobs; of the first `fresh` one blob
 * each came lately and its event got lost. `isDated`: names begin with their day.
 */
export type AccountSize = {
  customers: number
  heavy: number
  blobs: number
  fresh: number
  isDated: boolean
}

/** The ports of an app whose storage is in memory and whose calls are counted by name. */
export type Account = Awaited<ReturnType<typeof createAccount>>

/** Makes the account: every customer has a model that rests, the last sweep was a day ago. */
export async function createAccount(size: AccountSize, tickSeconds: number, counts: Record<string, number>) {
  const clock = { now: () => nowMs }
  const table = (name: string) => counted(`table ${name}`, createMemoryTable(), counts)
  const queue = (name: string) => counted(`queue ${name}`, createMemoryQueue(clock), counts)
  const stores = {
    tables: {
      ...{ customers: table('customers'), models: table('models'), webservices: table('webservices') },
      ...{ slots: table('slots'), waiting: table('waiting'), unclaimed: table('unclaimed') },
      ...{ deadLetters: table('deadLetters'), cursors: table('cursors') },
      ...{ controls: table('controls'), schedules: table('schedules'), audit: table('audit') },
      webhooks: table('webhooks'),
      subscriptions: table('subscriptions'),
      usage: table('usage'),
      counters: table('counters'),
    },
    queues: {
      ...{ startRequests: queue('start-requests'), trainingJobs: queue('training-jobs') },
      ...{ endpointUpdates: queue('endpoint-updates'), trainingDataEvents: queue('training-data-events') },
      webhooks: queue('webhooks'),
    },
    containers: {
      trainingData: counted(
        'training-data',
        createLargeContainer({ ...size, model: settings.model, customerOf, nowMs }),
        counts,
        true,
      ),
      trainingSets: createMemoryBlobs('training-sets', clock),
      models: createMemoryBlobs('models', clock),
      holdouts: createMemoryBlobs('holdouts', clock),
    },
  }
  const ports = createAppPorts(stores, createOutside(counts), { ...limits, tickSeconds })
  await ports.putTrainingService(service)
  for (let index = 0; index < size.customers; index++) await addCustomer(ports, customerOf(index))
  pretendRecorded(ports, counts)
  await ports.writeSweepCursor('recent', { sinceAtMs: nowMs - 86_400_000 })
  return ports
}

/** Old blobs count as recorded without a row each: a million rows would be all that is measured. */
function pretendRecorded(ports: ReturnType<typeof createAppPorts>, counts: Record<string, number>): void {
  const { readDrop, dropId } = ports
  const recorded: Drop = {
    ...{ id: 'old', name: 'old', etag: 'old', sizeBytes: 1, state: 'taken' as const },
    ...{ lastModifiedAtMs: oldMs, acceptedAtMs: oldMs },
  }
  ports.dropId = (name, etag) => (isFresh(etag) ? dropId(name, etag) : 'old')
  ports.readDrop = (key, id) => {
    if (id !== 'old') return readDrop(key, id)
    counts['table models get'] = (counts['table models get'] ?? 0) + 1
    return Promise.resolve({ value: recorded, etag: '1' })
  }
}

/** A model that rests: generation 1 is live. */
async function addCustomer(ports: ReturnType<typeof createAppPorts>, customerId: string): Promise<void> {
  const endpoint = { ...settings.endpoint, url: `https://management.example/endpoints/${customerId}` }
  await ports.putSettings({ ...settings, customerId, endpoint })
  const key = { customerId, model: settings.model, generation: 1 }
  const file = { name: modelOf(customerId).slice('models/'.length), sizeBytes: 1, sha256: '0' }
  const live: Run = {
    ...{
      ...key,
      state: 'live',
      attempt: 1,
      platformFailures: 0,
      manifest: 'm',
      trainingService: service.name,
    },
    ...{ archive: { model: file, evaluation: file }, openedAtMs: oldMs, updatedAtMs: oldMs, timeline: [] },
  }
  const head = { value: { ...emptyHead, lastGeneration: 1, live: 1, floor: 1 } }
  await ports.commit(key, { head, runs: [{ value: live }] })
}

/** Endpoints name the live model; no job is ever asked for here. */
function createOutside(counts: Record<string, number>): Outside {
  const never = async () => {
    throw new Error('Cannot call a training service: nothing is to be trained here')
  }
  const silent = () => undefined
  return {
    ...{
      submitJob: never,
      startJob: never,
      getJob: never,
      deleteJob: never,
      updateEndpoint: never,
      score: never,
      postWebhook: never,
      checkWebhookUrl: silent,
    },
    async describeEndpoint({ url }) {
      counts['describe endpoint'] = (counts['describe endpoint'] ?? 0) + 1
      const resource = {
        name: settings.endpoint.resourceName,
        baseLocation: 'https://memory.blob.core.windows.net/',
        relativeLocation: modelOf(url.slice(url.lastIndexOf('/') + 1)),
      }
      return { name: 'e', isDefault: false, preventUpdate: false, resources: [resource] }
    },
    ...{ openOutput: never, redact: (text) => text, log: { info: silent, warn: silent, error: silent } },
    ...{ now: () => nowMs, newId: () => 'id', random: () => 0.5 },
  }
}

/** Where a customer's live model lies. */
function modelOf(customerId: string): string {
  return `models/${customerId}/${settings.model}/1/model.ilearner`
}

/** The customer of this number. */
export function customerOf(index: number): string {
  return `c${String(index).padStart(5, '0')}`
}

/** The same with every call counted, by name; with `byCall` by the call's own name. */
function counted<Port extends object>(
  name: string,
  port: Port,
  counts: Record<string, number>,
  byCall = false,
): Port {
  return new Proxy(port, {
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, receiver)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const key = byCall ? `${String(property)} ${name}` : `${name} ${String(property)}`
        counts[key] = (counts[key] ?? 0) + 1
        return value.apply(target, args)
      }
    },
  })
}
