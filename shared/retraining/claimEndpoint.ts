import { type ClaimDecision, decideClaim, withClaim } from './fence.ts'
import type { Claim, Head } from './head.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import type { Clock, Log, RunStore, Stored } from './stores.ts'
import { swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What claiming an endpoint needs. */
export type ClaimPorts = RunStore & Pick<Clock, 'now' | 'newId'> & { log: Log; claimSeconds: number }

/** A claim that was made, and the run as it was written with it. */
export type Claimed = { kind: 'claimed'; claim: Claim; run: Run; describeFirst: boolean }

/** Why there is no claim; `moved`: the run is not where it could be installed. */
export type NotClaimed =
  | { kind: 'busy'; untilMs: number }
  | { kind: 'superseded'; reason: string }
  | { kind: 'moved' }

/**
 * Claims the endpoint for a run by swapping head and run in one transaction: from then on the run is `updating` and no
 * lower generation may update. Only a run with a warrant may claim.
 */
export async function claimEndpoint(
  ports: ClaimPorts,
  known: { head: Stored<Head> | undefined; run: Stored<Run> },
  probeBefore: string | undefined,
): Promise<Claimed | NotClaimed> {
  const run = known.run.value
  const owner = ports.newId()
  let decision: ClaimDecision | { kind: 'moved' } = { kind: 'moved' }
  const pair = await swapPair(
    ports,
    run,
    ({ run: fresh, head }) => {
      const nowMs = ports.now()
      decision = mayUpdate(fresh) ? decideClaim(head, fresh, nowMs) : { kind: 'moved' }
      if (decision.kind !== 'claim') return undefined
      const attempt = (fresh.update?.attempt ?? 0) + 1
      const untilAtMs = nowMs + ports.claimSeconds * 1000
      const claim: Claim = { generation: fresh.generation, attempt, owner, untilAtMs }
      return { run: claimedRun(fresh, attempt, nowMs, probeBefore), head: withClaim(head, claim) }
    },
    known,
  )
  const made = decision as ClaimDecision | { kind: 'moved' }
  if (made.kind !== 'claim') return made
  const claim = pair?.head.claim
  if (pair === undefined || claim === undefined) return { kind: 'moved' }
  ports.log.info({ ...ids(run), attempt: claim.attempt }, 'endpoint claimed')
  return { kind: 'claimed', claim, run: pair.run, describeFirst: made.describeFirst }
}

/** Whether the run's state lets it be installed; every update names its warrant. */
export function mayUpdate(run: Run): boolean {
  const ready = run.state === 'trained' || run.state === 'updating' || run.state === 'live' || isApproved(run)
  return ready && run.warrant !== undefined && run.archive !== undefined
}

/** Whether a person approved the run, and it waits to be installed. */
export function isApproved({ state, warrant }: Run): boolean {
  return (state === 'awaitingApproval' || state === 'rejected') && warrant === 'override'
}

function claimedRun(run: Run, attempt: number, nowMs: number, probeBefore: string | undefined): Run {
  const deadlineAtMs = run.update?.deadlineAtMs
  const update = {
    attempt,
    claimedAtMs: nowMs,
    lastChance: run.update?.lastChance === true || (deadlineAtMs !== undefined && nowMs >= deadlineAtMs),
    // Once a PATCH may be under way, what the endpoint answers is no answer from before.
    probeBefore: run.update?.probeBefore ?? (run.state === 'updating' ? undefined : probeBefore),
  }
  const text = `endpoint claimed, update ${attempt}, warrant ${run.warrant}`
  return {
    ...run,
    state: 'updating',
    update,
    updatedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, text),
  }
}

/** The head without a claim, if it still is ours. */
export function withoutClaim(head: Head, claim: Claim): Head {
  return head.claim?.owner === claim.owner ? { ...head, claim: undefined } : head
}
