import type { RunKey } from './names.ts'

/**
 * One of a training service's places for a running job, held by the run whose row says `slot: token`. `share` numbers the
 * customer's own slots. After `leaseUntilAtMs` others may ask for its job; time alone frees nothing.
 */
export type Slot = RunKey & { number: number; share: number; token: string; leaseUntilAtMs: number }

/** A run that waits for a slot since `readyAtMs`: a hint, its row says whether it still does. */
export type Waiting = RunKey & { readyAtMs: number }

/** How many of a training service's jobs may be in flight: of all customers, and of one. */
export type Caps = { maxJobsInFlight: number; maxJobsPerCustomer?: number | undefined }

/** A free place: its number at the service and at the customer. */
export type Place = { number: number; share: number }

/** The slots one customer may hold where the service doesn't say: a quarter of them. */
export function customerCap({ maxJobsInFlight, maxJobsPerCustomer }: Caps): number {
  return maxJobsPerCustomer ?? Math.max(1, Math.ceil(maxJobsInFlight / 4))
}

/**
 * A place for one more job of this customer; undefined when the service's or the customer's cap is reached. `random` (0 to
 * 1) spreads workers that choose at once. Pure.
 */
export function freePlace(
  slots: readonly Slot[],
  caps: Caps,
  customerId: string,
  random: number,
): Place | undefined {
  const own = slots.filter((slot) => slot.customerId === customerId)
  const numbers = free(
    slots.map(({ number }) => number),
    caps.maxJobsInFlight,
  )
  const shares = free(
    own.map(({ share }) => share),
    customerCap(caps),
  )
  if (slots.length >= caps.maxJobsInFlight || own.length >= customerCap(caps)) return undefined
  const number = numbers[Math.min(Math.floor(random * numbers.length), numbers.length - 1)]
  const share = shares[Math.min(Math.floor(random * shares.length), shares.length - 1)]
  return number === undefined || share === undefined ? undefined : { number, share }
}

function free(taken: readonly number[], cap: number): number[] {
  const all = new Set(taken)
  return Array.from({ length: cap }, (_, index) => index + 1).filter((number) => !all.has(number))
}

/** The one that waits longest among those whose customer's cap leaves a place. `line` is oldest first. Pure. */
export function nextInLine(
  line: readonly Waiting[],
  slots: readonly Slot[],
  caps: Caps,
  random: number,
): { waiting: Waiting; place: Place } | undefined {
  for (const waiting of line) {
    const place = freePlace(slots, caps, waiting.customerId, random)
    if (place !== undefined) return { waiting, place }
  }
  return undefined
}

/** Since when a queued run is ready to start: since it was opened or sent again, or since its next try is due. Pure. */
export function readyAtMs(run: {
  openedAtMs: number
  redrivenAtMs?: number | undefined
  retry?: { dueAtMs: number } | undefined
}): number {
  return run.retry?.dueAtMs ?? run.redrivenAtMs ?? run.openedAtMs
}

/** Whether two say the same run. */
export function isSameRun(one: RunKey, other: RunKey): boolean {
  return (
    one.customerId === other.customerId && one.model === other.model && one.generation === other.generation
  )
}
