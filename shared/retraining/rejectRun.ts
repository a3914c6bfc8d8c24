import { type ApproveRunPorts, overrideOf } from './approveRun.ts'
import { breakerAfter } from './breaker.ts'
import type { Deciding, Override } from './decision.ts'
import { releasedHead } from './endRun.ts'
import { ids, type RunKey } from './names.ts'
import type { Run } from './run.ts'
import { swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What rejecting a run needs. */
export type RejectRunPorts = Omit<ApproveRunPorts, 'sendUpdate' | 'hasModel'>

/** What became of it; `again`: it was rejected before. */
export type Rejection = { kind: 'rejected' | 'again' } | { kind: 'refused'; reason: string }

/** A person rejects a run that waits for an approval; who and why stand on it. Doing it again changes nothing. */
export async function rejectRun(ports: RejectRunPorts, key: RunKey, by: Deciding): Promise<Rejection> {
  if ((await ports.readRun(key)) === undefined) return { kind: 'refused', reason: 'there is no such run' }
  const override = overrideOf(ports, 'rejected', by, ports.now())
  let judged: Rejection = { kind: 'rejected' }
  const pair = await swapPair(ports, key, ({ run, head }) => {
    judged = judgeRejection(run)
    if (judged.kind !== 'rejected') return undefined
    const end = { state: 'rejected' as const, reason: textOf(override) }
    const breaker = breakerAfter(head.breaker, run, end, override.decidedAtMs)
    return {
      run: rejectedRun(run, override),
      head: { ...releasedHead(head, key.generation), breaker },
    }
  })
  if (pair === undefined) return judged
  ports.log.warn({ ...ids(key) }, `rejected by ${override.by}`)
  return { kind: 'rejected' }
}

/** Whether a run may be rejected by a person. Pure. */
export function judgeRejection(run: Run): Rejection {
  if (run.warrant === 'override') return { kind: 'refused', reason: 'the run was approved' }
  if (run.state === 'rejected') return { kind: 'again' }
  if (run.state === 'awaitingApproval') return { kind: 'rejected' }
  return { kind: 'refused', reason: `the run is ${run.state}` }
}

function textOf({ by, reason }: Override): string {
  return `rejected by ${by}: ${reason}`
}

function rejectedRun(run: Run, override: Override): Run {
  const { decidedAtMs } = override
  const text = textOf(override)
  return {
    ...run,
    state: 'rejected',
    override,
    reason: text,
    updatedAtMs: decidedAtMs,
    endedAtMs: decidedAtMs,
    timeline: addEntry(run.timeline, decidedAtMs, text),
  }
}
