import type { Random } from './random.ts'

/** What can go wrong with any call on storage or a service. */
const callFaults = [
  'crashBefore',
  'crashAfter',
  'stall',
  'freeze',
  'serverError',
  'serverErrorAfter',
  'throttled',
  'lateEffect',
  'spuriousConflict',
  'ownWriteConflicts',
] as const

/** What else can go wrong: with messages, events, jobs, endpoints, ticks and clocks. */
const otherFaults = [
  'streamCut',
  'duplicateMessage',
  'lateMessage',
  'lostMessage',
  'seenTwice',
  'oldMessageAgain',
  'duplicateEvent',
  'lateEvent',
  'lostEvent',
  'jobDataFailure',
  'jobPlatformFailure',
  'jobGone',
  'slowJob',
  'expiredSas',
  'keyRefused',
  'deafPatch',
  'lyingPatch',
  'blobNotFound',
  'overlappingTick',
  'clockSkew',
  'otherHands',
  'strangeMessage',
] as const

/** The name of a fault, as it is counted. */
export type FaultKind = (typeof callFaults)[number] | (typeof otherFaults)[number]

/** Every kind of fault. */
export const faultKinds: readonly FaultKind[] = [...callFaults, ...otherFaults]

/** What a call is, which says what can go wrong with it. */
export type CallKind = 'read' | 'write' | 'swap' | 'send' | 'service'

const anyCall = ['crashBefore', 'crashAfter', 'stall', 'freeze', 'serverError', 'throttled'] as const

const possible: Record<CallKind, readonly FaultKind[]> = {
  read: anyCall,
  write: [...anyCall, 'serverErrorAfter', 'lateEffect'],
  swap: [...anyCall, 'serverErrorAfter', 'lateEffect', 'spuriousConflict', 'ownWriteConflicts'],
  send: [...anyCall, 'serverErrorAfter', 'lateEffect'],
  service: [...anyCall, 'serverErrorAfter', 'lateEffect'],
}

/** How likely each is, a call or an occasion, at the middle intensity. */
const rates: Record<FaultKind, number> = {
  crashBefore: 0.0015,
  crashAfter: 0.0025,
  stall: 0.004,
  freeze: 0.0006,
  serverError: 0.003,
  serverErrorAfter: 0.003,
  throttled: 0.003,
  lateEffect: 0.002,
  spuriousConflict: 0.006,
  ownWriteConflicts: 0.006,
  streamCut: 0.01,
  duplicateMessage: 0.06,
  lateMessage: 0.05,
  lostMessage: 0.03,
  seenTwice: 0.04,
  oldMessageAgain: 0.05,
  duplicateEvent: 0.15,
  lateEvent: 0.1,
  lostEvent: 0.1,
  jobDataFailure: 0.08,
  jobPlatformFailure: 0.12,
  jobGone: 0.03,
  slowJob: 0.06,
  expiredSas: 0.04,
  keyRefused: 0.01,
  deafPatch: 0.08,
  lyingPatch: 0.05,
  blobNotFound: 0.05,
  overlappingTick: 0.1,
  clockSkew: 1,
  otherHands: 0.15,
  strangeMessage: 0.3,
}

/** How often a kind comes in a seed: never, rarely, usually, often, all the time. */
const intensities = [0, 0.4, 1, 1, 3, 3, 8]

/** The faults of one seed. */
export type Faults = {
  /** Draws the fault of one call, if any. */
  ofCall(kind: CallKind): FaultKind | undefined
  /** Whether this fault happens now; counts it. */
  happens(kind: FaultKind): boolean
  count(kind: FaultKind): void
  /** From now on nothing goes wrong. */
  stop(): void
  counts: Partial<Record<FaultKind, number>>
}

/**
 * Each seed has its own mix: every kind is absent, rare, usual or frequent, so that some seeds show what one kind does
 * alone (Source: Groce et al., Swarm Testing, 2012). `allowed` limits the kinds.
 */
export function createFaults(random: Random, allowed: (kind: FaultKind) => boolean): Faults {
  const chances = Object.fromEntries(
    faultKinds.map((kind) => [kind, allowed(kind) ? rates[kind] * random.pick(intensities) : 0]),
  ) as Record<FaultKind, number>
  const counts: Faults['counts'] = {}
  let stopped = false
  const count = (kind: FaultKind) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return {
    counts,
    count,
    happens(kind) {
      if (stopped || !random.chance(chances[kind])) return false
      count(kind)
      return true
    },
    ofCall(kind) {
      if (stopped) return undefined
      let drawn = random.next()
      for (const fault of possible[kind]) {
        drawn -= chances[fault]
        if (drawn < 0) return fault
      }
      return undefined
    },
    stop() {
      stopped = true
    },
  }
}
