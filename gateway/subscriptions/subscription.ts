import type { Cells, StoredRow } from '../../shared/lib/tableStore.ts'
import { refuseNewer, rowVersion } from '../storage/rowVersion.ts'

/** API Management's states; only an active subscription's keys are valid. */
export const subscriptionStates = [
  'active',
  'suspended',
  'cancelled',
  'expired',
  'submitted',
  'rejected',
] as const
export type SubscriptionState = (typeof subscriptionStates)[number]

/** Somebody's access to a product. Its keys are kept as hashes only. */
export type Subscription = {
  /** Lower-case letters, digits and dashes. */
  name: string
  /** The product's id. */
  product: string
  state: SubscriptionState
  /** SHA-256 of the keys, hexadecimal: both are valid, so that one can be rotated while the other is in use. */
  primaryHash: string
  secondaryHash: string
  /** Where quota periods are counted from. */
  startsAtMs: number
  /** Reference to the endpoint's key that takes the place of the caller's Authorization: `env:NAME`. */
  endpointKey?: string
  /** Whose it is; the app erases what the gateway keeps of an erased customer by it. */
  customerId?: string
}

/** One partition: a gateway's subscriptions are few enough to be read as a whole. */
export const subscriptionPartition = 'subscriptions'

/** Whether a name may be a subscription's. */
export function isSubscriptionName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)
}

/** The cells of a subscription's row; instants as ISO text. */
export function encodeSubscription(subscription: Subscription): Cells {
  const { name, startsAtMs, ...cells } = subscription
  return { ...rowVersion, ...cells, startsAt: new Date(startsAtMs).toISOString() }
}

/** Reads a row; throws an Error that names the row where it holds no subscription. */
export function decodeSubscription({ rowKey, cells }: StoredRow): Subscription {
  refuseNewer(`subscription ${rowKey}`, cells)
  const { product, state, primaryHash, secondaryHash, startsAt, endpointKey, customerId } = cells
  const known = subscriptionStates.find((candidate) => candidate === state)
  const startsAtMs = Date.parse(String(startsAt))
  if (
    typeof product !== 'string' ||
    typeof primaryHash !== 'string' ||
    typeof secondaryHash !== 'string' ||
    known === undefined ||
    Number.isNaN(startsAtMs)
  ) {
    throw new Error(`Cannot read subscription ${rowKey}: a property is missing or wrong`)
  }
  const subscription = { name: rowKey, product, state: known, primaryHash, secondaryHash, startsAtMs }
  return {
    ...subscription,
    ...(typeof endpointKey === 'string' && { endpointKey }),
    ...(typeof customerId === 'string' && { customerId }),
  }
}
