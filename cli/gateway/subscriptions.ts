import type { GatewayStores } from '../../gateway/storage/openStores.ts'
import {
  addSubscription,
  type ChangePorts,
  rotateKey,
  setState,
} from '../../gateway/subscriptions/changeSubscriptions.ts'
import { removeSubscription } from '../../gateway/subscriptions/removeSubscription.ts'
import type { Subscription } from '../../gateway/subscriptions/subscription.ts'
import type { Output } from '../output/output.ts'
import { readProducts } from './products.ts'

/** What puts a subscription into a state. */
export type StateAction = keyof typeof states

const states = { suspend: 'suspended', activate: 'active', cancel: 'cancelled', expire: 'expired' } as const

/** What to do with a subscription. */
export type SubscriptionAction =
  /** `products`: the file of products that the gateway was started with; the built-in one where absent. */
  | {
      action: 'add'
      name: string
      product: string
      endpointKey?: string
      customerId?: string
      products?: string
    }
  | { action: 'rotate'; name: string; which: 'primary' | 'secondary' }
  | { action: StateAction; name: string }
  | { action: 'remove'; name: string }

/** The subscriptions to work on, where the answer goes, and the clock in epoch milliseconds. */
export type SubscriptionPorts = {
  stores: GatewayStores
  out: Output
  json: boolean
  now(): number
}

/** Changes a subscription. New keys are shown: they are stored nowhere. */
export async function changeSubscription(
  { stores, out, json, now }: SubscriptionPorts,
  change: SubscriptionAction,
): Promise<void> {
  const products = readProducts(change.action === 'add' ? change.products : undefined)
  const ports: ChangePorts = { store: stores.subscriptions, products, now }
  const tell = (answer: object, lines: string[]) =>
    json ? out.json(answer) : lines.forEach((line) => void out.line(line))
  switch (change.action) {
    case 'add': {
      const { subscription, keys } = await addSubscription(ports, change)
      return tell({ ...described(subscription), ...keys }, [
        `added ${subscription.name} (${subscription.product}); its keys, shown only now:`,
        `  primary    ${keys.primaryKey}`,
        `  secondary  ${keys.secondaryKey}`,
      ])
    }
    case 'rotate': {
      const { name, which } = change
      const key = await rotateKey(ports, name, which)
      return tell({ name, [`${which}Key`]: key }, [`the ${which} key of ${name} is now ${key}`])
    }
    case 'remove':
      await removeSubscription(stores, change.name)
      return tell({ name: change.name, removed: true }, [`${change.name} is removed, with its usage`])
    case 'suspend':
    case 'activate':
    case 'cancel':
    case 'expire': {
      const state = states[change.action]
      await setState(ports, change.name, state)
      return tell({ name: change.name, state }, [`${change.name} is ${state}`])
    }
  }
}

/** Lists who may call through the gateway: one JSON object a line, or a table. */
export async function listSubscriptions({ stores, out, json }: SubscriptionPorts): Promise<void> {
  const all = (await stores.subscriptions.list()).map(described)
  if (json) for (const each of all) out.json(each)
  else if (all.length === 0) out.line('no subscription yet: retrain subscriptions add NAME')
  else {
    out.table(
      ['name', 'product', 'state', 'since', 'customer'],
      all.map(({ name, product, state, startsAt, customerId }) => [
        ...[name, product, state, startsAt, customerId ?? ''],
      ]),
    )
  }
}

function described({ name, product, state, startsAtMs, endpointKey, customerId }: Subscription) {
  return {
    ...{ name, product, state },
    startsAt: new Date(startsAtMs).toISOString(),
    ...(customerId !== undefined && { customerId }),
    ...(endpointKey !== undefined && { endpointKey }),
  }
}
