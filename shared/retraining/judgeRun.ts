import { usualSecondsAfter } from './backoff.ts'
import { type EndRunPorts, endRun, releasedHead } from './endRun.ts'
import { judge, type Verdict } from './gate.ts'
import { emptyHead, type Head } from './head.ts'
import { ids } from './names.ts'
import { requestStartIfPending } from './requestStart.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import type { Messages } from './stores.ts'
import { swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What judging a trained run needs. */
export type JudgeRunPorts = EndRunPorts & Pick<Messages, 'sendUpdate'>

/**
 * Lets the gate judge a trained run and sends it on: to the endpoint, to a person, or to its end. A run that has its
 * warrant already only gets its message again.
 */
export async function judgeRun(ports: JudgeRunPorts, settings: ModelSettings, run: Run): Promise<void> {
  if (run.warrant !== undefined) return sendUpdate(ports, run)
  const live = await liveRun(ports, run)
  const candidate = { metrics: run.metrics ?? {} }
  const verdict = judge(
    settings.gate,
    candidate,
    live && { generation: live.generation, metrics: live.metrics ?? {} },
  )
  ports.log.info({ ...ids(run) }, `judged: ${verdict.text}`)
  if (verdict.kind === 'reject') return endRun(ports, run, { state: 'rejected', reason: verdict.text })
  const judged = await swapPair(ports, run, (pair) =>
    pair.run.state === 'trained' && pair.run.warrant === undefined
      ? judgedPair(pair.run, pair.head, verdict, ports.now())
      : undefined,
  )
  if (judged === undefined) return
  if (verdict.kind === 'update') return sendUpdate(ports, run)
  return requestStartIfPending(ports, run)
}

async function liveRun(ports: JudgeRunPorts, run: Run): Promise<Run | undefined> {
  const head = (await ports.readHead(run))?.value ?? emptyHead
  if (head.live === undefined) return undefined
  return (await ports.readRun({ ...ids(run), generation: head.live }))?.value
}

function usualJobSeconds({ jobStartedAtMs, trainedAtMs, poll }: Run, head: Head): number | undefined {
  if (jobStartedAtMs === undefined || trainedAtMs === undefined) return head.usualJobSeconds
  const lastSeconds = Math.max(0, trainedAtMs - jobStartedAtMs) / 1000
  return usualSecondsAfter(head.usualJobSeconds, lastSeconds, poll?.count === 0)
}

/** Waiting for approval is not in flight: newer generations go on meanwhile. */
function judgedPair(run: Run, before: Head, verdict: Verdict, nowMs: number): { run: Run; head: Head } {
  const head = { ...before, usualJobSeconds: usualJobSeconds(run, before) }
  const judged: Run = {
    ...run,
    verdict: verdict.text,
    updatedAtMs: nowMs,
    timeline: addEntry(run.timeline, nowMs, verdict.text),
  }
  if (verdict.kind === 'update') return { run: { ...judged, warrant: verdict.warrant }, head }
  const awaiting = [...(head.awaiting ?? []), run.generation]
  return {
    run: { ...judged, state: 'awaitingApproval' },
    head: { ...releasedHead(head, run.generation), awaiting },
  }
}

function sendUpdate(ports: JudgeRunPorts, run: Run): Promise<void> {
  return ports.sendUpdate({ v: 1, kind: 'update', ...ids(run) }, 0)
}
