import type { Stores } from '../../shared/adapters/appPorts.ts'
import { createMemoryBlobs } from '../fakes/memoryBlobs.ts'
import { createMemoryQueue } from '../fakes/memoryQueue.ts'
import { createMemoryTable } from '../fakes/memoryTable.ts'

/** The storage account of a simulated world, in memory on its clock. */
export function createMemoryStores(clock: { now(): number }) {
  return {
    tables: {
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
    },
    queues: {
      startRequests: createMemoryQueue(clock),
      trainingJobs: createMemoryQueue(clock),
      endpointUpdates: createMemoryQueue(clock),
      trainingDataEvents: createMemoryQueue(clock),
      webhooks: createMemoryQueue(clock),
    },
    containers: {
      trainingData: createMemoryBlobs('training-data', clock),
      trainingSets: remembering(createMemoryBlobs('training-sets', clock)),
      models: createMemoryBlobs('models', clock),
      holdouts: createMemoryBlobs('holdouts', clock),
    },
  } satisfies Stores
}

/** `text` tells what was there also once retention has removed it: what a run was trained on is looked at in the end. */
function remembering(blobs: ReturnType<typeof createMemoryBlobs>): typeof blobs {
  const removed = new Map<string, string>()
  return {
    ...blobs,
    async remove(name, etag) {
      const text = blobs.text(name)
      if (text !== '') removed.set(name, text)
      await blobs.remove(name, etag)
    },
    text: (name) => blobs.text(name) || (removed.get(name) ?? ''),
  }
}

/** The memory behind a simulated world. */
export type MemoryStores = ReturnType<typeof createMemoryStores>

/** The same with every table, queue and container passed through a function that knows its name. */
export function mapStores(
  stores: MemoryStores,
  through: {
    table(name: string, table: Stores['tables']['models']): Stores['tables']['models']
    queue(name: string): Stores['queues']['trainingJobs']
    container(store: Stores['containers']['models']): Stores['containers']['models']
  },
): Stores {
  const { tables, queues, containers } = stores
  const mapped = <Key extends string, From, To>(
    from: Record<Key, From>,
    map: (name: Key, item: From) => To,
  ) =>
    Object.fromEntries(
      Object.entries(from).map(([name, item]) => [name, map(name as Key, item as From)]),
    ) as Record<Key, To>
  return {
    tables: mapped(tables, (name, table) => through.table(name, table)),
    queues: mapped(queues, (name) => through.queue(name)),
    containers: mapped(containers, (_name, store) => through.container(store)),
  }
}
