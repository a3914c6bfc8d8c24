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
  if (head.pinned === true) return { kind: 'superseded', reason: 'the endpoint is pinned' }
  const isUpdating = run.state === 'updating' || run.state === 'live'
  const isSentAgain = run.state === 'trained' && run.update !== undefined && run.generation === head.floor
  const mayContinue =
    isSentAgain || (isUpdating && (run.generation === head.floor || isPutBack(head, run.generation)))
  if (run.generation <= head.floor && !mayContinue) {
    return { kind: 'superseded', reason: `generation ${head.floor} was allowed to update first` }
  }
  const claim = head.claim
  if (claim === undefined) return { kind: 'claim', describeFirst: false }
  if (claim.generation === run.generation && claim.owner === '')
    return { kind: 'claim', describeFirst: false }
  if (nowMs < claim.untilAtMs) return { kind: 'busy', untilMs: claim.untilAtMs }
  return { kind: 'claim', describeFirst: true }
}

/**
 * Whether updating with this generation puts the live model back: what was allowed above it has ended without ever being
 * live, but its PATCH may have left its model on the endpoint. Pure.
 */
function isPutBack(head: Head, generation: number): boolean {
  return generation === head.live && (head.inFlight === undefined || head.inFlight > head.floor)
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
