import type { Claim, Head } from './head.ts'
import type { RunState } from './run.ts'

/** Whether a generation may update the endpoint now. `describeFirst`: another claim ran out; its PATCH may have landed. */
export type ClaimDecision =
  | { kind: 'claim'; describeFirst: boolean }
  | { kind: 'busy'; untilMs: number }
  | { kind: 'superseded'; reason: string }

/**
 * Decides whether a generation may claim the endpoint. Only a generation above the floor may, the one at the floor
 * that has not been seen to answer yet (also when an operator sent it again), or the live one that is put back. Pure; `nowMs` is epoch milliseconds.
 */
export function decideClaim(
  head: Head,
  run: { generation: number; state: RunState; update?: unknown },
  nowMs: number,
): ClaimDecision {
  const behind = leftBehind(head, run.generation)
  if (behind !== undefined) return { kind: 'superseded', reason: behind }
  const isPinned = head.pin?.generation === run.generation
  const isUpdating = run.state === 'updating' || run.state === 'live'
  const isSentAgain = isInstallable(run.state) && run.update !== undefined && run.generation === head.floor
  const mayContinue =
    isSentAgain || (isUpdating && (run.generation === head.floor || isPutBack(head, run.generation)))
  if (run.generation <= head.floor && !mayContinue && !isPinned) {
    return { kind: 'superseded', reason: `generation ${head.floor} was allowed to update first` }
  }
  const claim = head.claim
  if (claim === undefined) return { kind: 'claim', describeFirst: false }
  if (claim.generation === run.generation && claim.owner === '')
    return { kind: 'claim', describeFirst: false }
  if (nowMs < claim.untilAtMs) return { kind: 'busy', untilMs: claim.untilAtMs }
  return { kind: 'claim', describeFirst: true }
}

/** Trained, or waiting for a person or rejected, where a person approves it. */
function isInstallable(state: RunState): boolean {
  return state === 'trained' || state === 'awaitingApproval' || state === 'rejected'
}

/**
 * Whether updating with this generation puts the live model back: what was allowed above it has ended without ever being
 * live, but its PATCH may have left its model on the endpoint. Pure.
 */
function isPutBack(head: Head, generation: number): boolean {
  const { inFlight, approved = [], floor, live, barred = 0 } = head
  const isUnderWay = floor > barred && (inFlight === floor || approved.includes(floor))
  return generation === live && !isUnderWay
}

/**
 * Why a rollback keeps a generation from the endpoint, also when it was allowed before: another one is pinned, or it was
 * opened before the rollback. Undefined when none does. Pure.
 */
export function leftBehind({ pin, live, barred = 0 }: Head, generation: number): string | undefined {
  if (pin?.generation === generation) return undefined
  if (pin !== undefined) return `the endpoint is pinned to generation ${pin.generation}`
  if (generation === live || generation > barred) return undefined
  return `it was opened before the rollback to generation ${live}`
}

/** The generation whose model the endpoint is to have, seen or not: the pinned one, else the highest that may update. Pure. */
export function rightful({ pin, floor, live, barred = 0 }: Head): number | undefined {
  return pin?.generation ?? (floor > barred ? floor : live)
}

/** The head once the claim is made: the floor never goes down. */
export function withClaim(head: Head, claim: Claim): Head {
  return { ...head, claim, floor: Math.max(head.floor, claim.generation) }
}

/** Whether the claim on the head still is the one that was made. */
export function holdsClaim(head: Head, claim: Claim): boolean {
  return (
    head.claim?.owner === claim.owner &&
    head.claim.generation === claim.generation &&
    head.claim.attempt === claim.attempt
  )
}
