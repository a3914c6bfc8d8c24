import { hashKey, isSameHash } from '../keys.ts'
import type { Subscription } from './subscription.ts'

/** Finds the subscription of a key, whatever its state; `now` is epoch milliseconds. */
export type Directory = { find(key: string): Promise<Subscription | undefined> }

/** What is known is read again in the background after so long, and waited for when it is older than `longestMs`. */
const freshMs = 500
const longestMs = 1_000
/** For a key that is not known, what was read longer ago is read again. */
const unknownMs = 100

type Known = { byHash: ReadonlyMap<string, Subscription>; readAtMs: number }

/**
 * Keeps all subscriptions in memory, a second old at most: a key that was rotated or suspended stops working then. An
 * unknown key is looked for in what is stored now, ten times a second at most. Throws when they can't be read.
 */
export function createDirectory(list: () => Promise<Subscription[]>, now: () => number): Directory {
  let known: Known | undefined
  let reading: Promise<Known> | undefined
  const read = () => {
    reading ??= readKnown(list, now())
      .then((fresh) => {
        known = fresh
        return fresh
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  const current = async (): Promise<Known> => {
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : now() - known.readAtMs
    if (known === undefined || ageMs > longestMs) return read()
    // A failed look in the background shows at the next one that is waited for.
    if (ageMs > freshMs) read().catch(() => {})
    return known
  }
  return {
    async find(key) {
      const hash = hashKey(key)
      const at = await current()
      return lookUp(at, hash) ?? (now() - at.readAtMs > unknownMs ? lookUp(await read(), hash) : undefined)
    },
  }
}

async function readKnown(list: () => Promise<Subscription[]>, readAtMs: number): Promise<Known> {
  const byHash = new Map<string, Subscription>()
  for (const subscription of await list()) {
    byHash.set(subscription.primaryHash, subscription)
    byHash.set(subscription.secondaryHash, subscription)
  }
  return { byHash, readAtMs }
}

function lookUp({ byHash }: Known, hash: string): Subscription | undefined {
  const found = byHash.get(hash)
  if (found === undefined) return undefined
  const isOne = [found.primaryHash, found.secondaryHash].map((kept) => isSameHash(hash, kept))
  return isOne.includes(true) ? found : undefined
}
