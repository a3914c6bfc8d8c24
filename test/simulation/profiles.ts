import type { FaultKind } from './faults.ts'
import type { Random } from './random.ts'

/** What may go wrong in a seed, and which promises must hold without help: see {@link profiles}. */
export type Profile = {
  name: string
  /** Whether `reconcile` runs: where it doesn't, the orders and the queue's own redelivery must be enough. */
  reconciles: boolean
  allows(kind: FaultKind): boolean
  /** Crashes only end polling: it has a process of its own, and no run waits for a slot, which only reconcile would free. */
  crashesPollsOnly: boolean
}

const gentle: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'stall',
  'duplicateMessage',
  'seenTwice',
  'duplicateEvent',
  'lateEvent',
  'slowJob',
  'jobDataFailure',
  'jobPlatformFailure',
  'jobGone',
  'expiredSas',
  'deafPatch',
  'lyingPatch',
  'blobNotFound',
  'overlappingTick',
])

const pollCrashes: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'stall',
  'crashBefore',
  'crashAfter',
  'duplicateMessage',
  'seenTwice',
  'duplicateEvent',
  'lateEvent',
  'overlappingTick',
])

/** `everything`: all faults. `orders`: nothing is lost, so nothing needs reconcile. `redelivery`: polling crashes, its messages come again. */
export const profiles = {
  everything: { name: 'everything', reconciles: true, allows: () => true, crashesPollsOnly: false },
  orders: { name: 'orders', reconciles: false, allows: (kind) => gentle.has(kind), crashesPollsOnly: false },
  redelivery: {
    name: 'redelivery',
    reconciles: false,
    allows: (kind) => pollCrashes.has(kind),
    crashesPollsOnly: true,
  },
} satisfies Record<string, Profile>

/** The profile of a seed: mostly everything at once. */
export function pickProfile(random: Random): Profile {
  const drawn = random.next()
  return drawn < 0.7 ? profiles.everything : drawn < 0.88 ? profiles.orders : profiles.redelivery
}
