import { breakerAfter } from './breaker.ts'
import type { Decision } from './decision.ts'
import { holdsClaim, leftBehind } from './fence.ts'
import type { Claim, Head } from './head.ts'
import { ids, type RunKey } from './names.ts'
import { type ReleaseSlotPorts, releaseSlot } from './releaseSlot.ts'
import { type RequestStartPorts, requestStartIfPending } from './requestStart.ts'
import { isEnded, type Run, type RunState } from './run.ts'
import type { DeadLetters, DropStore, Log, RunStore } from './stores.ts'
import { swapPair } from './swap.ts'
import { addEntry, firstLine } from './timeline.ts'

/** What ending a run needs. */
export type EndRunPorts = RunStore &
  RequestStartPorts &
  Pick<DropStore, 'hasPending'> &
  ReleaseSlotPorts &
  DeadLetters & { log: Log; redact(text: string): string }

/** How a run ends; `deadLetter` when a person may want to send it again. */
export type RunEnd = {
  state: Extract<RunState, 'rejected' | 'superseded' | 'failed' | 'cancelled'>
  reason: string
  deadLetter?: boolean
  /** What the gate decided, where the gate ends it. */
  decision?: Decision
  /** Nothing that the model or its data did: its breaker does not count it. */
  blameless?: boolean
  /** Where the end counts one more failed attempt. */
  platformFailures?: number
  /** The run as it was when its end was decided: one that has gone on since is left alone. */
  from?: Pick<Run, 'state' | 'attempt'>
  /** The claim under which its end was decided: where somebody else has the endpoint by now, it is theirs to say. */
  claim?: Claim
}

/**
 * Ends a run that is not over yet: the final state and the end of in-flight in one transaction, then the look for waiting
 * drops. The live model stays what it is: a live run that was being put back is live again, and reconcile tries anew. A run
 * without a job gives its slot back; one whose job may still run keeps it until the job was seen to be over. The reason is
 * redacted here.
 */
export async function endRun(ports: EndRunPorts, key: RunKey, end: RunEnd): Promise<void> {
  const reason = ports.redact(end.reason)
  const nowMs = ports.now()
  if (end.deadLetter === true) await writeLetter(ports, key, { ...end, reason })
  let before: Run | undefined
  const pair = await swapPair(ports, key, ({ run, head }) => {
    before = run
    if (isEnded(run.state) || hasGoneOn(run, end.from) || isTaken(head, end.claim)) return undefined
    const isLive = head.live === key.generation
    return {
      run: isLive ? keptRun(run, reason, nowMs) : endedRun(run, end, reason, nowMs),
      head: endedHead(head, run, { ...end, reason }, nowMs),
    }
  })
  if (pair !== undefined) {
    const { state, attempt, slot } = pair.run
    ports.log.warn({ ...ids(key), attempt }, `run ${state}: ${reason}`)
    if (before !== undefined && slot === undefined) await releaseSlot(ports, before)
  }
  await requestStartIfPending(ports, key)
}

function hasGoneOn({ state, attempt }: Run, from: RunEnd['from']): boolean {
  return from !== undefined && (from.state !== state || from.attempt !== attempt)
}

function isTaken(head: Head, claim: Claim | undefined): boolean {
  return claim !== undefined && !holdsClaim(head, claim)
}

/** The head without this generation's hold on it: in-flight, waiting for approval or approved, and the claim if it is its own. */
export function releasedHead(head: Head, generation: number): Head {
  return {
    ...head,
    inFlight: head.inFlight === generation ? undefined : head.inFlight,
    claim: isClaimOver(head, generation) ? undefined : head.claim,
    awaiting: without(head.awaiting, generation),
    approved: without(head.approved, generation),
  }
}

/** Where a rollback ends a generation, its PATCH may be under way: its claim keeps others from the endpoint until it runs out. */
function isClaimOver(head: Head, generation: number): boolean {
  return head.claim?.generation === generation && leftBehind(head, generation) === undefined
}

/** A rollback that came to nothing leaves the pin to the model that is live. */
function endedHead(head: Head, run: Run, end: RunEnd, nowMs: number): Head {
  const released = {
    ...releasedHead(head, run.generation),
    breaker: breakerAfter(head.breaker, run, end, nowMs),
  }
  if (head.live === undefined || head.pin?.generation !== run.generation) return released
  return { ...released, pin: { ...head.pin, generation: head.live } }
}

/** The generations but this one; undefined where none is left. */
export function without(
  generations: readonly number[] | undefined,
  generation: number,
): number[] | undefined {
  const left = generations?.filter((other) => other !== generation) ?? []
  return left.length === 0 ? undefined : left
}

function endedRun(run: Run, end: RunEnd, reason: string, nowMs: number): Run {
  const { state, platformFailures = run.platformFailures } = end
  return {
    ...run,
    state,
    platformFailures,
    decision: end.decision ?? run.decision,
    reason,
    slot: slotAfter(run),
    poll: undefined,
    measuring: undefined,
    retry: undefined,
    updatedAtMs: nowMs,
    endedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, `${state}: ${firstLine(reason)}`),
  }
}

/** The slot a run keeps when it leaves its step: none while it has no job, since nothing can run then. */
export function slotAfter(run: Run): string | undefined {
  return run.state === 'queued' ? undefined : run.slot
}

/** Before the run ends, since nobody would come back for a letter that a crash kept from being written. */
async function writeLetter(ports: EndRunPorts, key: RunKey, { from, reason }: RunEnd): Promise<void> {
  const [head, stored] = await Promise.all([ports.readHead(key), ports.readRun(key)])
  if (stored === undefined || isEnded(stored.value.state) || hasGoneOn(stored.value, from)) return
  if (head?.value.live === key.generation) return
  await ports.recordDeadLetter(letterOf(stored.value, reason, ports.now()))
}

function keptRun(run: Run, reason: string, nowMs: number): Run {
  const timeline = addEntry(run.timeline, nowMs, `not put back: ${firstLine(reason)}`)
  return { ...run, state: 'live', retry: undefined, updatedAtMs: nowMs, timeline }
}

function letterOf(run: Run, reason: string, atMs: number) {
  const { customerId, model, generation, attempt, jobId, manifest } = run
  return {
    source: 'runs',
    id: `${customerId}|${model}|${generation}|${attempt}`,
    reason,
    body: JSON.stringify({ customerId, model, generation, attempt, jobId, manifest }),
    key: { customerId, model, generation },
    atMs,
  }
}
