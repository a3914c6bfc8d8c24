import type { TableStore } from '../../shared/lib/tableStore.ts'
import {
  decodeSubscription,
  encodeSubscription,
  type Subscription,
  subscriptionPartition,
} from './subscription.ts'

/** The part of a table that subscriptions need. */
export type SubscriptionTable = Pick<TableStore, 'get' | 'insert' | 'replace' | 'remove' | 'list'>

/** The subscriptions there are. */
export type SubscriptionStore = {
  list(): Promise<Subscription[]>
  read(name: string): Promise<Subscription | undefined>
  insert(subscription: Subscription): Promise<'inserted' | 'exists'>
  /** Applies `change` to what is stored now, again where somebody else was quicker; `missing` when there is none. */
  update(
    name: string,
    change: (subscription: Subscription) => Subscription,
  ): Promise<Subscription | 'missing'>
  /** Removes it whatever it is by now. */
  remove(name: string): Promise<'removed' | 'missing'>
}

const pageSize = 1000
const mostTries = 10

/** Subscriptions in a table: one row each. */
export function createSubscriptionStore(table: SubscriptionTable): SubscriptionStore {
  return {
    list: () => listAll(table),
    async read(name) {
      const row = await table.get(subscriptionPartition, name)
      return row === undefined ? undefined : decodeSubscription(row)
    },
    insert: (subscription) => table.insert(rowOf(subscription)),
    async update(name, change) {
      for (let count = 1; count <= mostTries; count++) {
        const row = await table.get(subscriptionPartition, name)
        if (row === undefined) return 'missing'
        const changed = change(decodeSubscription(row))
        if ((await table.replace(rowOf(changed), row.etag)) === 'replaced') return changed
      }
      throw new Error(`Cannot change subscription ${name}: others change it all the time`)
    },
    remove: (name) => removeRow(table, name),
  }
}

async function removeRow(table: SubscriptionTable, name: string): Promise<'removed' | 'missing'> {
  for (let count = 1; count <= mostTries; count++) {
    const row = await table.get(subscriptionPartition, name)
    if (row === undefined) return 'missing'
    if ((await table.remove(subscriptionPartition, name, row.etag)) === 'removed') return 'removed'
  }
  throw new Error(`Cannot remove subscription ${name}: others change it all the time`)
}

function rowOf(subscription: Subscription) {
  return {
    partitionKey: subscriptionPartition,
    rowKey: subscription.name,
    cells: encodeSubscription(subscription),
  }
}

async function listAll(table: SubscriptionTable): Promise<Subscription[]> {
  const found: Subscription[] = []
  let next: string | undefined
  do {
    const page = await table.list(
      subscriptionPartition,
      {},
      { size: pageSize, ...(next !== undefined && { next }) },
    )
    found.push(...page.rows.map(decodeSubscription))
    next = page.next
  } while (next !== undefined)
  return found
}
