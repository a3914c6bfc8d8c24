import type { Counter, Verdict } from './limits/counter.ts'
import type { Window } from './limits/window.ts'
import type { Product } from './products.ts'
import type { Refusal } from './refusals.ts'
import type { Directory } from './subscriptions/directory.ts'
import type { Subscription } from './subscriptions/subscription.ts'

/** What letting a call in needs. */
export type AdmitPorts = {
  directory: Directory
  counter: Counter
  /** By id. */
  products: ReadonlyMap<string, Product>
}

/** A call that may go on, or why not; `subscription` also on a refusal, where the key is one's. */
export type Admission =
  | { kind: 'admitted'; subscription: Subscription; product: Product }
  | { kind: 'refused'; refusal: Refusal; subscription?: Subscription }

const admitted: Verdict = { kind: 'admitted' }

/** Lets a call in by its key: first whose it is, then the rate limit, then the quota, as the product's policy orders them. */
export async function admit(
  { directory, counter, products }: AdmitPorts,
  key: string | undefined,
): Promise<Admission> {
  if (key === undefined || key === '') return { kind: 'refused', refusal: { kind: 'missingKey' } }
  const subscription = await directory.find(key)
  if (subscription === undefined) return { kind: 'refused', refusal: { kind: 'invalidKey' } }
  const product = products.get(subscription.product)
  if (product === undefined || subscription.state !== 'active') {
    return { kind: 'refused', refusal: { kind: 'invalidKey' }, subscription }
  }
  for (const window of windowsOf(product, subscription)) {
    const verdict = window === undefined ? admitted : await counter.take(subscription.name, window)
    if (verdict.kind === 'admitted') continue
    const kind = window?.kind === 'rate' ? 'rateLimited' : 'quotaUsedUp'
    const { retryAfterSeconds } = verdict
    return { kind: 'refused', refusal: { kind, retryAfterSeconds }, subscription }
  }
  return { kind: 'admitted', subscription, product }
}

function windowsOf({ rateLimit, quota }: Product, { startsAtMs }: Subscription): (Window | undefined)[] {
  return [rateLimit && { kind: 'rate', ...rateLimit }, quota && { kind: 'quota', startsAtMs, ...quota }]
}
