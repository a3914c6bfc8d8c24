import { hashKey, newKey } from '../keys.ts'
import { findProduct, type Product } from '../products.ts'
import { isSubscriptionName, type Subscription, type SubscriptionState } from './subscription.ts'
import type { SubscriptionStore } from './subscriptionStore.ts'

/** A subscription's two keys in clear: told once, to whoever made them. */
export type Keys = { primaryKey: string; secondaryKey: string }

/** What changes of subscriptions need; `now` is epoch milliseconds. */
export type ChangePorts = { store: SubscriptionStore; products: readonly Product[]; now(): number }

/** What is asked of a new subscription. `endpointKey` is a reference, `env:NAME`. */
export type NewSubscription = {
  name: string
  product: string
  endpointKey?: string | undefined
  customerId?: string | undefined
  keys?: Keys
}

/** Adds an active subscription and answers its keys. Throws one line on a wrong or taken name or an unknown product. */
export async function addSubscription(
  { store, products, now }: ChangePorts,
  {
    name,
    product: wanted,
    endpointKey,
    customerId,
    keys = { primaryKey: newKey(), secondaryKey: newKey() },
  }: NewSubscription,
): Promise<{ subscription: Subscription; keys: Keys }> {
  const refuse = (reason: string) => new Error(`Cannot add subscription ${name}: ${reason}`)
  if (!isSubscriptionName(name)) throw refuse('a name is lower-case letters, digits and dashes, at most 63')
  const product = findProduct(products, wanted)
  if (product === undefined) {
    throw refuse(`there is no product ${wanted}; there are ${products.map((each) => each.name).join(', ')}`)
  }
  if (endpointKey !== undefined && !isReference(endpointKey))
    throw refuse('an endpoint key is given as env:NAME or file:NAME')
  if (customerId !== undefined && !isSubscriptionName(customerId))
    throw refuse('a customer is lower-case letters, digits and dashes, at most 63')
  const subscription: Subscription = {
    name,
    product: product.id,
    state: 'active',
    primaryHash: hashKey(keys.primaryKey),
    secondaryHash: hashKey(keys.secondaryKey),
    startsAtMs: now(),
    ...(endpointKey !== undefined && { endpointKey }),
    ...(customerId !== undefined && { customerId }),
  }
  if ((await store.insert(subscription)) === 'exists') throw refuse('there is one of that name')
  return { subscription, keys }
}

/** Replaces one of the two keys and answers the new one; the other stays valid. Throws one line where there is none. */
export async function rotateKey(
  { store }: Pick<ChangePorts, 'store'>,
  name: string,
  which: 'primary' | 'secondary',
  key: string = newKey(),
): Promise<string> {
  const hash = hashKey(key)
  const changed = await store.update(name, (subscription) => ({
    ...subscription,
    ...(which === 'primary' ? { primaryHash: hash } : { secondaryHash: hash }),
  }))
  if (changed === 'missing') throw new Error(`Cannot rotate a key of subscription ${name}: there is none`)
  return key
}

/** Suspends a subscription, makes it active again, and so on. Throws one line where there is none. */
export async function setState(
  { store }: Pick<ChangePorts, 'store'>,
  name: string,
  state: SubscriptionState,
): Promise<void> {
  const changed = await store.update(name, (subscription) => ({ ...subscription, state }))
  if (changed === 'missing') throw new Error(`Cannot make subscription ${name} ${state}: there is none`)
}

/** Whether a text refers to an endpoint's key in the gateway's environment, or in its file of secrets. */
export function isReference(text: string): boolean {
  return /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\w[\w.-]*)$/.test(text)
}
