import type { Random } from '../simulation/random.ts'

/** Everything that is done to the parts, by family. */
export const faultKinds = {
  kill: ['worker', 'host', 'both hosts', 'emulator'],
  cut: [
    ...['storage down', 'service down', 'storage silent', 'service silent', 'storage reset', 'service reset'],
    ...['answers of storage lost', 'answers of service lost', 'storage stopped'],
  ],
  slow: ['storage slow', 'service slow'],
  service: [
    ...['throttled', 'error after the effect', 'results expired', 'update late', 'job slow'],
    'job fails and tells its input',
  ],
} as const

/** A family of faults: kills, cuts of the network, slowness, and a web service that misbehaves. */
export type FaultFamily = keyof typeof faultKinds

/** A fault to come: when (from the start), for how long, and how often a kind was drawn before it, to take turns by. */
export type PlannedFault = { atMs: number; family: FaultFamily; kind: string; forMs: number; turn: number }

/** Seconds between two faults of a family, and how long one lasts: drawn evenly between both. */
const rhythm: Record<FaultFamily, { everySeconds: [number, number]; forSeconds: [number, number] }> = {
  kill: { everySeconds: [4, 8], forSeconds: [0.2, 2] },
  cut: { everySeconds: [6, 11], forSeconds: [0.5, 4] },
  slow: { everySeconds: [15, 25], forSeconds: [3, 8] },
  service: { everySeconds: [4, 8], forSeconds: [0, 0] },
}

/** Draws the faults of `durationMs`, in their order. Every kind of a family comes once before any comes again. Pure. */
export function planFaults(random: Random, durationMs: number): PlannedFault[] {
  const families = Object.keys(rhythm) as FaultFamily[]
  return families
    .flatMap((family) => planFamily(random, family, durationMs))
    .toSorted((one, other) => one.atMs - other.atMs)
}

function planFamily(random: Random, family: FaultFamily, durationMs: number): PlannedFault[] {
  const { everySeconds, forSeconds } = rhythm[family]
  const planned: PlannedFault[] = []
  let left: string[] = []
  const next = () => 1_000 * random.between(...everySeconds)
  for (let atMs = next() / 2; atMs < durationMs; atMs += next()) {
    if (left.length === 0) left = [...faultKinds[family]]
    const kind = random.pick(left)
    left = left.filter((other) => other !== kind)
    const forMs = Math.round(1_000 * random.between(...forSeconds))
    planned.push({ atMs: Math.round(atMs), family, kind, forMs, turn: planned.length })
  }
  return planned
}
