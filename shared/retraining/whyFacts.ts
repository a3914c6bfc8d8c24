import type { Drop } from './drop.ts'
import type { Manifest } from './generation.ts'
import type { Head } from './head.ts'
import type { Hold } from './hold.ts'
import type { Run } from './run.ts'
import type { ServiceHealth } from './serviceHealth.ts'
import type { ModelSettings } from './settings.ts'

/** Everything that an explanation is made of, as it was read. */
export type WhyFacts = {
  settings: ModelSettings
  head: Head
  hold: Hold | undefined
  pending: readonly Drop[]
  live: Run | undefined
  manifest: Manifest | undefined
  /** The run in flight, and the ones that wait for a person or were approved. */
  inFlight: Run | undefined
  undecided: readonly Run[]
  /** The last opened run. */
  newest: Run | undefined
  /** The run in flight's place in line, 1 for the first, of `inLine`. */
  place: number | undefined
  inLine: number
  health: ServiceHealth | undefined
  nowMs: number
}

/** What a drop or a run may wait for, or what keeps it. */
export const waitKinds = [
  'paused',
  'quarantined',
  'scheduled',
  'quiet',
  'start',
  'run',
  'retrain',
  'slot',
  'service',
  'retry',
  'job',
  'judging',
  'holdout',
  'update',
  'check',
  'approval',
  'pinned',
] as const

/** Something that a drop or a run waits for, or what keeps it; `sentence` says it to a person. */
export type Wait = {
  kind: (typeof waitKinds)[number]
  sentence: string
  generation?: number | undefined
  sinceAtMs?: number | undefined
  untilAtMs?: number | undefined
  drops?: number | undefined
  place?: number | undefined
  inLine?: number | undefined
  service?: string | undefined
  jobId?: string | undefined
  by?: string | undefined
  reason?: string | undefined
}

/** An instant in a sentence, to the second. Pure. */
export function instantText(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** `1 drop`, `2 drops`. Pure. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
