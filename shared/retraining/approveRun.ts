import { isApproved } from './claimEndpoint.ts'
import type { Deciding, Override } from './decision.ts'
import { without } from './endRun.ts'
import { decideClaim } from './fence.ts'
import { emptyHead, type Head } from './head.ts'
import { ids, type RunKey } from './names.ts'
import type { Run } from './run.ts'
import type { Clock, Log, Messages, ModelArchive, RunStore } from './stores.ts'
import { swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What approving a run needs. */
export type ApproveRunPorts = RunStore &
  Pick<Messages, 'sendUpdate'> &
  Pick<ModelArchive, 'hasModel'> &
  Pick<Clock, 'now'> & { log: Log; redact(text: string): string }

/** What became of an approval; `again`: it was approved before and is on its way or live. */
export type Approval = { kind: 'approved' | 'again' } | { kind: 'refused'; reason: string }

const modelGone: Approval = { kind: 'refused', reason: 'its archived model is gone' }

/**
 * A person approves a run that waits for it, or overrules the gate that rejected it: the run gets the warrant `override`, with
 * who and why, and goes to the endpoint. Refused when a newer generation was allowed to update since, while the endpoint is
 * pinned, and when the archived model is gone. Doing it again changes nothing.
 */
export async function approveRun(ports: ApproveRunPorts, key: RunKey, by: Deciding): Promise<Approval> {
  const run = (await ports.readRun(key))?.value
  if (run === undefined) return { kind: 'refused', reason: 'there is no such run' }
  const early = judgeApproval(run, (await ports.readHead(key))?.value ?? emptyHead, ports.now())
  if (early.kind === 'again') await ports.sendUpdate({ v: 1, kind: 'update', ...ids(key) }, 0)
  if (early.kind !== 'approved') return early
  const archived = run.archive?.model.name
  if (archived === undefined || !(await ports.hasModel(key, archived))) return modelGone
  let late: Approval = early
  const nowMs = ports.now()
  const override: Override = overrideOf(ports, 'approved', by, nowMs)
  const pair = await swapPair(ports, key, (fresh) => {
    late = judgeApproval(fresh.run, fresh.head, nowMs)
    if (late.kind !== 'approved') return undefined
    return { run: approvedRun(fresh.run, override), head: approvedHead(fresh.head, key.generation) }
  })
  if (pair === undefined) return late
  ports.log.warn({ ...ids(key) }, `approved by ${override.by}`)
  await ports.sendUpdate({ v: 1, kind: 'update', ...ids(key) }, 0)
  return { kind: 'approved' }
}

/** Whether a run may be approved now. Pure; `nowMs` is epoch milliseconds. */
export function judgeApproval(run: Run, head: Head, nowMs: number): Approval {
  const isOnItsWay = run.state === 'updating' || run.state === 'live' || isApproved(run)
  if (isOnItsWay && run.override?.kind === 'approved') return { kind: 'again' }
  if (run.state !== 'awaitingApproval' && run.state !== 'rejected') {
    return { kind: 'refused', reason: `the run is ${run.state}` }
  }
  if (run.archive === undefined) return modelGone
  const claim = decideClaim(head, run, nowMs)
  return claim.kind === 'superseded' ? { kind: 'refused', reason: claim.reason } : { kind: 'approved' }
}

/** What a person decided, as it stands on the run: texts are redacted and cut. */
export function overrideOf(
  ports: Pick<ApproveRunPorts, 'redact'>,
  kind: Override['kind'],
  { by, reason }: Deciding,
  decidedAtMs: number,
): Override {
  return {
    kind,
    by: ports.redact(by).slice(0, 200),
    reason: ports.redact(reason).slice(0, 2_000),
    decidedAtMs,
  }
}

function approvedRun(run: Run, override: Override): Run {
  const { by, reason, decidedAtMs } = override
  return {
    ...run,
    warrant: 'override',
    override,
    retry: undefined,
    updatedAtMs: decidedAtMs,
    timeline: addEntry(run.timeline, decidedAtMs, `approved by ${by}: ${reason}`),
  }
}

/** From now on reconcile sees to it that the run gets to the endpoint. */
function approvedHead(head: Head, generation: number): Head {
  const others = (head.approved ?? []).filter((other) => other !== generation)
  return { ...head, awaiting: without(head.awaiting, generation), approved: [...others, generation] }
}
