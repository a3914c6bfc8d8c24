import { fingerprint } from './fingerprint.ts'
import type { Head } from './head.ts'
import type { Pause } from './hold.ts'
import type { Stored } from './stores.ts'

/** The clocks of the app and of the storage may differ by that, in ms. */
const skewMs = 60_000

/** Says when a list of models was made and under which pauses of customers and of the fleet. Pure. */
export function markOfList(nowMs: number, pauses: readonly Pause[]): string {
  return `${nowMs}-${textOf(pauses)}`
}

/** The instant (epoch ms) since which models changed; undefined when other pauses hold now: then each may have. Pure. */
export function sinceOf(mark: string, pauses: readonly Pause[]): number | undefined {
  const [atMs, under] = mark.split('-')
  return under === textOf(pauses) ? Number(atMs) - skewMs : undefined
}

function textOf(pauses: readonly Pause[]): string {
  return fingerprint(JSON.stringify(pauses))
}

/** Whether a model may be another than it was: its head was written since, or what writes no head is under way. Pure. */
export function mayHaveChanged(head: Stored<Head> | undefined, sinceMs: number): boolean {
  if (head?.modifiedAtMs === undefined || head.modifiedAtMs >= sinceMs) return true
  const { inFlight, approved = [] } = head.value
  return inFlight !== undefined || approved.length > 0
}
