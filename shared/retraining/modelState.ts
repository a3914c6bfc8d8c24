import { quarantineOf } from './breaker.ts'
import type { Head } from './head.ts'
import { type Pause, pausedBy } from './hold.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'

/** Where a model stands, in one word. */
export type ModelState = (typeof modelStates)[number]

/** The states in the order in which they are told: of several that hold the first counts. */
export const modelStates = [
  'paused',
  'quarantined',
  'pinned',
  'training',
  'awaitingApproval',
  'failed',
  'rejected',
  'live',
  'neverTrained',
] as const

/**
 * The generation whose run has to be read to tell the state: the newest one, where neither the head nor `live` says how it
 * ended. Pure.
 */
export function doubtfulGeneration(head: Head): number | undefined {
  const { lastGeneration, inFlight, live, awaiting = [] } = head
  const isKnown = lastGeneration === 0 || inFlight !== undefined || live === lastGeneration
  return isKnown || awaiting.includes(lastGeneration) ? undefined : lastGeneration
}

/**
 * A model's state. `newest` is the newest run, needed only where {@link doubtfulGeneration} names one. `failed` and
 * `rejected` are about the newest run: an earlier model stays live. `neverTrained`: no generation was ever live. Pure.
 */
export function modelStateOf(
  head: Head,
  settings: Pick<ModelSettings, 'breakerRuns'>,
  pauses: readonly Pause[],
  newest: Pick<Run, 'state'> | undefined,
): ModelState {
  if (pausedBy(head, pauses) !== undefined) return 'paused'
  if (quarantineOf(head.breaker, settings.breakerRuns) !== undefined) return 'quarantined'
  if (head.pin !== undefined) return 'pinned'
  if (head.inFlight !== undefined || (head.approved ?? []).length > 0) return 'training'
  if ((head.awaiting ?? []).length > 0) return 'awaitingApproval'
  if (newest?.state === 'failed' || newest?.state === 'rejected') return newest.state
  return head.live === undefined ? 'neverTrained' : 'live'
}
