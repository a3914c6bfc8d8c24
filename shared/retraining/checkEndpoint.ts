import { nextDelaySeconds } from './backoff.ts'
import { endRun, releasedHead } from './endRun.ts'
import { leftBehind } from './fence.ts'
import { emptyHead, type Head } from './head.ts'
import { type InstallModelPorts, isThere } from './installModel.ts'
import { ids } from './names.ts'
import { probeEndpoint, weighProbe } from './probe.ts'
import { requestStartIfPending } from './requestStart.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import { type SettleApprovalsPorts, settleApprovals } from './settleApprovals.ts'
import { swapRun, swapSuccession } from './swap.ts'
import { addEntry } from './timeline.ts'
import { textOf } from './trouble.ts'

/** What checking an endpoint needs. */
export type CheckEndpointPorts = InstallModelPorts & SettleApprovalsPorts

type Seen = { kind: 'seen'; evidence: string } | { kind: 'notYet'; reason: string }

/**
 * Looks whether the endpoint answers with the run's model: by the location it names and, with a probe row, by its answer.
 * Not yet: looks again later; after the deadline one more PATCH, then the run fails.
 */
export async function checkEndpoint(
  ports: CheckEndpointPorts,
  settings: ModelSettings,
  run: Run,
): Promise<void> {
  if (run.state !== 'updating' || run.update === undefined) return
  const seen = await look(ports, settings, run)
  if (seen.kind === 'seen') return goLive(ports, run, seen.evidence)
  if (ports.now() < (run.update.deadlineAtMs ?? 0)) return checkLater(ports, run, seen.reason)
  if (run.update.lastChance !== true) return updateOnceMore(ports, run, seen.reason)
  const reason = `the endpoint does not answer with the new model: ${seen.reason}`
  return endRun(ports, run, { state: 'failed', reason, deadLetter: true })
}

async function look(ports: CheckEndpointPorts, settings: ModelSettings, run: Run): Promise<Seen> {
  try {
    if (!(await isThere(ports, settings, run))) {
      return { kind: 'notYet', reason: 'it names another model' }
    }
    const after = await probeEndpoint(ports, settings)
    const isSame = after !== undefined && after === run.update?.probeBefore && (await isSameModel(ports, run))
    const evidence = weighProbe(run.update?.probeBefore, after, isSame)
    if (evidence.kind === 'seen') return { kind: 'seen', evidence: evidence.text }
    return { kind: 'notYet', reason: 'it scores the probe row as before' }
  } catch (error) {
    return { kind: 'notYet', reason: ports.redact(textOf(error)) }
  }
}

/** Whether the model that was live before is byte for byte this one. */
async function isSameModel(ports: CheckEndpointPorts, run: Run): Promise<boolean> {
  const head = (await ports.readHead(run))?.value ?? emptyHead
  if (head.live === undefined) return false
  const live = (await ports.readRun({ ...ids(run), generation: head.live }))?.value
  return live?.archive !== undefined && live.archive.model.sha256 === run.archive?.model.sha256
}

async function goLive(ports: CheckEndpointPorts, run: Run, evidence: string): Promise<void> {
  const nowMs = ports.now()
  const succession = await swapSuccession(ports, run, ({ run: fresh, head, before }) => {
    const isHighest = [head.floor, head.live, head.pin?.generation].includes(run.generation)
    const isAllowed = isHighest && leftBehind(head, run.generation) === undefined
    if (fresh.state !== 'updating' || !isAllowed) return undefined
    const timeline = addEntry(fresh.timeline, nowMs, `live, evidence: ${evidence}`)
    const live: Run = { ...fresh, state: 'live', evidence, retry: undefined, updatedAtMs: nowMs, timeline }
    return {
      run: { ...live, liveAtMs: nowMs, endedAtMs: nowMs, poll: undefined },
      head: liveHead(head, fresh),
      before: before && retiredRun(before, run.generation, nowMs),
    }
  })
  if (succession === undefined) await supersedeOvertaken(ports, run)
  else {
    ports.log.info({ ...ids(run), evidence }, 'live')
    await settleApprovals(ports, run, succession.head)
  }
  await requestStartIfPending(ports, run)
}

/** A new model that answers ends the row of failures; an old one that is put back does not. */
function liveHead(head: Head, { generation, warrant }: Run): Head {
  const breaker = warrant === 'rollback' ? head.breaker : undefined
  return { ...releasedHead(head, generation), live: generation, breaker }
}

/** The run that was live until now, also when it was just being put back. */
function retiredRun(before: Run, generation: number, nowMs: number): Run {
  if (before.state !== 'live' && before.state !== 'updating') return before
  const reason = `generation ${generation} is live`
  const timeline = addEntry(before.timeline, nowMs, reason)
  return { ...before, state: 'superseded', reason, retry: undefined, timeline }
}

async function supersedeOvertaken(ports: CheckEndpointPorts, run: Run): Promise<void> {
  const head = (await ports.readHead(run))?.value ?? emptyHead
  const overtaken = `generation ${head.floor} was allowed to update meanwhile`
  const reason = leftBehind(head, run.generation) ?? (head.floor > run.generation ? overtaken : undefined)
  if (reason === undefined) return
  await endRun(ports, run, { state: 'superseded', reason })
}

/** The row says which check comes next, then its message goes. */
async function checkLater(ports: CheckEndpointPorts, run: Run, reason: string): Promise<void> {
  const nowMs = ports.now()
  const schedule = { firstSeconds: ports.checkDelaySeconds, mostSeconds: 120 }
  const before = run.update?.check
  const seconds = nextDelaySeconds(before?.count ?? 0, schedule, ports.random())
  const check = { token: ports.newId(), dueAtMs: nowMs + seconds * 1000, count: (before?.count ?? 0) + 1 }
  const timelineText = `not live yet: ${reason}`
  const changed = await swapRun(ports, run, (fresh) =>
    fresh.state === 'updating' && fresh.update?.check?.token === before?.token && fresh.update !== undefined
      ? {
          ...fresh,
          update: { ...fresh.update, check },
          updatedAtMs: nowMs,
          timeline: addEntry(fresh.timeline, nowMs, timelineText),
        }
      : undefined,
  )
  if (changed === undefined) return
  await ports.sendUpdate({ v: 1, kind: 'check', ...ids(run), token: check.token }, seconds)
}

async function updateOnceMore(ports: CheckEndpointPorts, run: Run, reason: string): Promise<void> {
  ports.log.warn({ ...ids(run) }, `update once more: ${reason}`)
  await ports.sendUpdate({ v: 1, kind: 'update', ...ids(run) }, 0)
}
