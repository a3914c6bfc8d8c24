import { usualSecondsAfter } from './backoff.ts'
import type { Decision } from './decision.ts'
import { type EndRunPorts, endRun, releasedHead } from './endRun.ts'
import { judge, type LiveModel, type Verdict } from './gate.ts'
import { emptyHead, type Head } from './head.ts'
import { ids } from './names.ts'
import { requestStartIfPending } from './requestStart.ts'
import type { Run } from './run.ts'
import type { Gate, ModelSettings } from './settings.ts'
import type { Messages } from './stores.ts'
import { type Pair, swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What judging a trained run needs. */
export type JudgeRunPorts = EndRunPorts & Pick<Messages, 'sendUpdate'>

const mostTries = 3

/**
 * Lets the gate judge a trained run and sends it on: to be scored on the holdout, to the endpoint, to a person, or to its
 * end. A run that has its warrant already only gets its message again. When another model gets live meanwhile it is judged
 * anew.
 */
export async function judgeRun(ports: JudgeRunPorts, settings: ModelSettings, run: Run): Promise<void> {
  if (run.warrant !== undefined) return sendUpdate(ports, run)
  for (let tries = 0; tries < mostTries; tries++) {
    const live = await readLive(ports, run)
    if (needsMeasuring(settings.gate, run, live)) {
      return ports.sendUpdate({ v: 1, kind: 'measure', ...ids(run) }, 0)
    }
    const verdict = judge(settings.gate, { ...run, metrics: run.metrics ?? {} }, live)
    if ((await settle(ports, run, { verdict, live })) !== 'moved') return
  }
}

/** Whether the gate wants figures of the holdout that the run has not, or has against another model. Pure. */
export function needsMeasuring(gate: Gate, { holdout }: Run, live: LiveModel | undefined): boolean {
  if (gate.kind !== 'limits' || gate.holdout === undefined) return false
  if (holdout === undefined || holdout.blob !== gate.holdout.blob) return true
  return holdout.problem === undefined && holdout.live !== live?.generation
}

/** The model that answers now, as the gate sees it. */
async function readLive(ports: JudgeRunPorts, run: Run): Promise<LiveModel | undefined> {
  const head = (await ports.readHead(run))?.value ?? emptyHead
  if (head.live === undefined) return undefined
  const live = (await ports.readRun({ ...ids(run), generation: head.live }))?.value
  return { generation: head.live, metrics: live?.metrics ?? {} }
}

type Judged = { verdict: Verdict; live: LiveModel | undefined }

async function settle(
  ports: JudgeRunPorts,
  run: Run,
  { verdict, live }: Judged,
): Promise<'settled' | 'moved'> {
  const decision: Decision = { decidedAtMs: ports.now(), ...verdict.decision }
  ports.log.info({ ...ids(run) }, `judged: ${verdict.text}`)
  if (verdict.kind === 'reject') {
    await endRun(ports, run, { state: 'rejected', reason: verdict.text, decision, from: run })
    return 'settled'
  }
  let hasMoved = false
  const judged = await swapPair(ports, run, (pair) => {
    hasMoved = pair.head.live !== live?.generation
    const isOpen = pair.run.state === 'trained' && pair.run.warrant === undefined
    return isOpen && !hasMoved ? judgedPair(pair, verdict, decision) : undefined
  })
  if (judged === undefined) return hasMoved ? 'moved' : 'settled'
  if (verdict.kind === 'update') await sendUpdate(ports, run)
  else await requestStartIfPending(ports, run)
  return 'settled'
}

function usualJobSeconds({ jobStartedAtMs, trainedAtMs, poll }: Run, head: Head): number | undefined {
  if (jobStartedAtMs === undefined || trainedAtMs === undefined) return head.usualJobSeconds
  const lastSeconds = Math.max(0, trainedAtMs - jobStartedAtMs) / 1000
  return usualSecondsAfter(head.usualJobSeconds, lastSeconds, poll?.count === 0)
}

/** Waiting for approval is not in flight: newer generations go on meanwhile. */
function judgedPair({ run, head: before }: Pair, verdict: Verdict, decision: Decision): Pair {
  const nowMs = decision.decidedAtMs
  const head = { ...before, usualJobSeconds: usualJobSeconds(run, before) }
  const judged: Run = {
    ...run,
    verdict: verdict.text,
    decision,
    retry: undefined,
    updatedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, verdict.text),
  }
  if (verdict.kind === 'update') return { run: { ...judged, warrant: verdict.warrant }, head }
  const awaiting = [...(head.awaiting ?? []), run.generation]
  return {
    run: { ...judged, state: 'awaitingApproval', poll: undefined },
    head: { ...releasedHead(head, run.generation), awaiting },
  }
}

function sendUpdate(ports: JudgeRunPorts, run: Run): Promise<void> {
  return ports.sendUpdate({ v: 1, kind: 'update', ...ids(run) }, 0)
}
