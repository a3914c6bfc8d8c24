import type { Counter, Verdict } from './counter.ts'
import { type CounterTable, readSharedSlots, type SharedSlots } from './sharedSlots.ts'
import {
  giveBack,
  liveSlots,
  nextFreeAtMs,
  remaining,
  type Slots,
  take,
  useByMs,
  type Window,
} from './window.ts'

/** What a counter over a table needs. `now` is epoch milliseconds, `pause` waits that many. */
export type LeaseOptions = {
  table: CounterTable
  now(): number
  pause(ms: number): Promise<void>
  /** 0 to 1, for the jitter between tries. */
  random(): number
}

/** Calls that this process may let in until `lastUseMs` without asking; `sinceMs` names their slot in the row. */
type Lease = { left: number; lastUseMs: number; sinceMs: number }

type Entry = {
  subscription: string
  window: Window
  lease?: Lease
  asking?: Promise<Verdict>
  refusal?: Refusal
}
type Refusal = { freeAtMs: number; untilMs: number }

const mostTries = 40
const longestLeaseMs = 10_000
/** A refusal holds so long before the row is asked again: somebody may have given calls back. */
const refusalMs = 200

/** A tenth of the limit, at least one call. Pure. */
export function blockSize({ calls }: Window): number {
  return Math.max(1, Math.floor(calls / 10))
}

/**
 * Counts across processes: each takes calls from a row of the table in blocks, by compare-and-swap on its ETag. A block
 * counts from the moment at which its last call may be used, so together they never let in more than the limit; a process
 * that dies keeps at most its block from the others, until it counts no more. Throws when the table doesn't answer.
 */
export function createLeasedCounter(options: LeaseOptions): Counter {
  const entries = new Map<string, Entry>()
  return {
    take(subscription, window) {
      const key = `${subscription}|${window.kind}`
      const entry = entries.get(key) ?? { subscription, window }
      entries.set(key, entry)
      entry.window = window
      return useLease(entry, options.now()) ?? askUntilKnown(options, entry)
    },
    settle: () => returnLeases(options, entries, (lease) => lease.lastUseMs < options.now()),
    close: () => returnLeases(options, entries, () => true),
  }
}

function useLease({ lease, refusal }: Entry, nowMs: number): Verdict | undefined {
  if (lease !== undefined && lease.left > 0 && nowMs <= lease.lastUseMs) {
    lease.left--
    return { kind: 'admitted' }
  }
  if (refusal === undefined || nowMs >= refusal.untilMs) return undefined
  return limited(refusal.freeAtMs, nowMs)
}

function limited(freeAtMs: number, nowMs: number): Verdict {
  return { kind: 'limited', retryAfterSeconds: Math.max(1, Math.ceil((freeAtMs - nowMs) / 1000)) }
}

/** All that wait share one question; whoever finds the new block used up asks again. */
async function askUntilKnown(options: LeaseOptions, entry: Entry): Promise<Verdict> {
  for (;;) {
    entry.asking ??= renew(options, entry).finally(() => {
      delete entry.asking
    })
    const verdict = await entry.asking
    if (verdict.kind === 'limited') return verdict
    const used = useLease(entry, options.now())
    if (used !== undefined) return used
  }
}

/** Takes the next block, and gives back in the same write what is left of the last. */
async function renew(options: LeaseOptions, entry: Entry): Promise<Verdict> {
  const { lease: last, window } = entry
  delete entry.lease
  delete entry.refusal
  return swapSlots(options, entry, (shared, nowMs) => {
    const slots = withoutRest(liveSlots(shared, nowMs), last)
    const count = Math.min(blockSize(window), remaining(slots, window))
    if (count <= 0) {
      const freeAtMs = nextFreeAtMs(slots, nowMs)
      entry.refusal = { freeAtMs, untilMs: Math.min(nowMs + refusalMs, freeAtMs) }
      return { verdict: limited(freeAtMs, nowMs) }
    }
    const leaseMs = Math.min(longestLeaseMs, (window.renewalPeriodSeconds * 1000) / 10)
    const lastUseMs = useByMs(window, nowMs, leaseMs)
    // A single call is whoever asked's, and counts from now: Retry-After is then never longer than the period.
    const taken = take(slots, window, { count, nowMs, lastUseMs: count === 1 ? nowMs : lastUseMs })
    const sinceMs = taken.at(-1)?.sinceMs ?? nowMs
    const done = () => {
      entry.lease = { left: count, lastUseMs, sinceMs }
    }
    return { verdict: { kind: 'admitted' }, slots: taken, done }
  })
}

function withoutRest(slots: Slots, lease: Lease | undefined): Slots {
  return lease === undefined || lease.left === 0 ? slots : giveBack(slots, lease.left, lease.sinceMs)
}

type Swap = { verdict: Verdict; slots?: Slots; done?(): void }

async function swapSlots(
  { table, now, pause, random }: LeaseOptions,
  { subscription, window }: Entry,
  decide: (slots: Slots, nowMs: number) => Swap,
): Promise<Verdict> {
  for (let count = 1; count <= mostTries; count++) {
    const shared: SharedSlots = await readSharedSlots(table, subscription, window.kind)
    const { verdict, slots, done } = decide(shared.slots, now())
    if (slots === undefined) return verdict
    if (await shared.swap(slots)) {
      done?.()
      return verdict
    }
    await pause(random() * Math.min(50, 2 * count))
  }
  throw new Error(`Cannot count calls of ${subscription}: its row changed at each of ${mostTries} tries`)
}

async function returnLeases(
  options: LeaseOptions,
  entries: ReadonlyMap<string, Entry>,
  isOver: (lease: Lease) => boolean,
): Promise<void> {
  for (const entry of entries.values()) {
    const { lease, asking } = entry
    if (lease === undefined || lease.left === 0 || asking !== undefined || !isOver(lease)) continue
    delete entry.lease
    await swapSlots(options, entry, (shared, nowMs) => {
      const verdict = { kind: 'admitted' } as const
      const live = liveSlots(shared, nowMs)
      // Nothing counts any more, or the subscription was removed meanwhile: its row is not made anew.
      return live.length === 0 ? { verdict } : { verdict, slots: withoutRest(live, lease) }
    })
  }
}
