import type { GatewayStores } from '../storage/openStores.ts'
import { removePage } from '../usage/removeUsage.ts'

/**
 * Removes a subscription, its usage and its counters; its keys stop working within a second. Usage goes first and last: a
 * running gateway writes none of a subscription that is gone. Throws one line where there is none.
 */
export async function removeSubscription(stores: GatewayStores, name: string): Promise<void> {
  if ((await stores.subscriptions.read(name)) === undefined) {
    throw new Error(`Cannot remove subscription ${name}: there is none`)
  }
  await removeAll(stores.usage, name)
  await stores.subscriptions.remove(name)
  await removeAll(stores.usage, name)
  for (const kind of ['rate', 'quota']) {
    const row = await stores.counters?.get(name, kind)
    if (row !== undefined) await stores.counters?.remove(name, kind, row.etag)
  }
}

async function removeAll(usage: GatewayStores['usage'], name: string): Promise<void> {
  let page = await removePage(usage, name)
  while (!page.isLast) page = await removePage(usage, name)
}
