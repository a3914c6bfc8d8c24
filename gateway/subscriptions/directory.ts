import { hashKey, isSameHash } from '../keys.ts'
import type { Subscription } from './subscription.ts'

/** Finds the subscription of a key, whatever its state; `now` is epoch milliseconds. */
export type Directory = { find(key: string): Promise<Subscription | undefined> }

/** What is known is read again in the background after so long, and waited for when it is older than `longestMs`. */
const freshMs = 500
const longestMs = 1_000
/** For a key that is not known, what was read longer ago is read again. */
const unknownMs = 100

/** A subscription with its hashes as bytes, ready to be compared. */
type Entry = { subscription: Subscription; hashes: readonly Uint8Array[] }
type Known = { byHash: ReadonlyMap<string, Entry>; readAtMs: number }

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
  const byHash = new Map<string, Entry>()
  for (const subscription of await list()) {
    const kept = [subscription.primaryHash, subscription.secondaryHash]
    const entry = { subscription, hashes: kept.map((hash) => Buffer.from(hash)) }
    for (const hash of kept) byHash.set(hash, entry)
  }
  return { byHash, readAtMs }
}

function lookUp({ byHash }: Known, hash: string): Subscription | undefined {
  const found = byHash.get(hash)
  if (found === undefined) return undefined
  const asked = Buffer.from(hash)
  const isOne = found.hashes.map((kept) => isSameHash(asked, kept))
  return isOne.includes(true) ? found.subscription : undefined
}
