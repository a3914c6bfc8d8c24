import { join } from 'node:path'
import { createAzureTable } from '../../shared/adapters/storage/azureTable.ts'
import type { TableStore } from '../../shared/lib/tableStore.ts'
import type { CounterTable } from '../limits/sharedSlots.ts'
import { createSubscriptionStore, type SubscriptionStore } from '../subscriptions/subscriptionStore.ts'
import { createFileRows } from './fileRows.ts'

/** Where the gateway keeps what outlives it. */
export type GatewayStores = {
  subscriptions: SubscriptionStore
  usage: Pick<TableStore, 'put' | 'remove' | 'list'>
  /** Absent without storage: then each process counts alone, and anew at each start. */
  counters?: CounterTable & Pick<TableStore, 'remove'>
}

/** Tables `subscriptions`, `usage` and `counters` of a storage account, created where missing; else files of a folder. */
export async function openStores(place: {
  storage?: string | undefined
  folder: string
}): Promise<GatewayStores> {
  if (place.storage === undefined) {
    return {
      subscriptions: createSubscriptionStore(createFileRows(join(place.folder, 'subscriptions'))),
      usage: createFileRows(join(place.folder, 'usage')),
    }
  }
  const { storage } = place
  const [subscriptions, usage, counters] = ['subscriptions', 'usage', 'counters'].map((name) =>
    createAzureTable(storage, name),
  ) as [TableStore, TableStore, TableStore]
  await Promise.all([subscriptions, usage, counters].map((table) => table.create()))
  return { subscriptions: createSubscriptionStore(subscriptions), usage, counters }
}
