import { bugs } from './bugs.ts'
import { type FaultKind, faultKinds } from './faults.ts'
import { simulate } from './simulate.ts'

/** A broken promise with what it takes to see it again. */
export type Found = { seed: number; profile: string; promise: string; text: string }

/** What many seeds came to. */
export type Tally = {
  seeds: number
  runs: number
  steps: number
  profiles: Record<string, number>
  /** The longest time from the end of the faults until everything was quiet. */
  quietAfterMs: number
  faults: Partial<Record<FaultKind, number>>
  violations: Found[]
}

/** Nothing simulated yet. */
export function emptyTally(): Tally {
  return { seeds: 0, runs: 0, steps: 0, profiles: {}, quietAfterMs: 0, faults: {}, violations: [] }
}

/** Plays `from`, `from + by` ... below `before`; stops early once `mostViolations` are found. */
export async function playSeeds(
  range: { from: number; before: number; by: number },
  options: { bug?: string | undefined; mostViolations: number; played?: (tally: Tally) => void },
): Promise<Tally> {
  const tally = emptyTally()
  const bug = options.bug === undefined ? undefined : bugs[options.bug]
  if (options.bug !== undefined && bug === undefined) {
    throw new Error(`Cannot plant ${options.bug}: the bugs are ${Object.keys(bugs).join(', ')}`)
  }
  for (let seed = range.from; seed < range.before; seed += range.by) {
    const outcome = await simulate(seed, { bug })
    tally.seeds++
    tally.runs += outcome.runs
    tally.steps += outcome.steps
    tally.quietAfterMs = Math.max(tally.quietAfterMs, outcome.quietAfterMs)
    add(tally.profiles, { [outcome.profile]: 1 })
    add(tally.faults, outcome.faults)
    const [first] = outcome.violations
    if (first !== undefined) {
      const { promise, text } = first
      tally.violations.push({ seed, profile: outcome.profile, promise, text })
    }
    options.played?.(tally)
    if (tally.violations.length >= options.mostViolations) break
  }
  return tally
}

/** One tally of several; violations by seed. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const merged = emptyTally()
  for (const tally of tallies) {
    merged.seeds += tally.seeds
    merged.runs += tally.runs
    merged.steps += tally.steps
    merged.quietAfterMs = Math.max(merged.quietAfterMs, tally.quietAfterMs)
    add(merged.profiles, tally.profiles)
    add(merged.faults, tally.faults)
    merged.violations.push(...tally.violations)
  }
  merged.violations.sort((one, other) => one.seed - other.seed)
  return merged
}

function add(
  to: Record<string, number | undefined>,
  counts: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, count] of Object.entries(counts)) to[name] = (to[name] ?? 0) + (count ?? 0)
}

/** The kinds of faults that no seed met. */
export function missedFaults(tally: Tally): FaultKind[] {
  return faultKinds.filter((kind) => (tally.faults[kind] ?? 0) === 0)
}
