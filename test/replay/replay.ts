import { approveRun } from '../../shared/retraining/approveRun.ts'
import { cancelRun } from '../../shared/retraining/cancelRun.ts'
import type { RunExport } from '../../shared/retraining/exportRun.ts'
import { judgeRun, needsMeasuring } from '../../shared/retraining/judgeRun.ts'
import { concludeMeasuring } from '../../shared/retraining/measuring.ts'
import { ids } from '../../shared/retraining/names.ts'
import { pollRun } from '../../shared/retraining/pollRun.ts'
import { rejectRun } from '../../shared/retraining/rejectRun.ts'
import type { Run } from '../../shared/retraining/run.ts'
import { isSame } from '../../shared/retraining/same.ts'
import { settleApprovals } from '../../shared/retraining/settleApprovals.ts'
import { startRetraining } from '../../shared/retraining/startRetraining.ts'
import { updateEndpoint } from '../../shared/retraining/updateEndpoint.ts'
import { type Difference, expectedEntries, firstDifference } from './compare.ts'
import { createReplayWorld, type ReplayWorld } from './replayWorld.ts'

/** How a replay ended: with the entries that agreed, and the first one that did not. */
export type Replay = { agreed: string[]; difference?: Difference; note?: string }

const mostTries = 8

/**
 * Plays the real use cases over what the services answered, at the instants of the run, and stops at the first decision that
 * is another one.
 */
export async function replay(exported: RunExport): Promise<Replay> {
  const world = await createReplayWorld(exported)
  const expected = expectedEntries(exported)
  const compare = (now: Run | undefined, isOver: boolean) => {
    const texts = (now?.timeline ?? []).map(({ text }) => text)
    const { agreed, difference } = firstDifference(expected.texts, texts, isOver)
    return { agreed, difference: difference ?? patchDifference(world) }
  }
  for (const instantMs of instantsOf(exported.run)) {
    world.clock.set(Math.max(instantMs, world.clock.now()))
    const due = expected.entries.filter(({ atMs }) => atMs <= instantMs).length
    for (let tries = 0; tries < mostTries; tries++) {
      const run = await readRun(world, exported)
      const { agreed, difference } = compare(run, false)
      if (difference !== undefined) return { agreed, difference }
      if ((agreed.length >= due && !world.tape.isAhead()) || agreed.length >= expected.texts.length) break
      await operate(world, exported, run, instantMs)
      await step(world, exported, await readRun(world, exported))
    }
  }
  const run = await readRun(world, exported)
  const { agreed, difference } = compare(run, true)
  const last =
    difference ?? (run === undefined ? undefined : finalDifference(exported, run, expected.isWhole))
  const note = expected.note === undefined ? {} : { note: expected.note }
  return last === undefined ? { agreed, ...note } : { agreed, difference: last, ...note }
}

function readRun({ ports }: ReplayWorld, { run }: RunExport): Promise<Run | undefined> {
  return ports.readRun(ids(run)).then((stored) => stored?.value)
}

function instantsOf({ timeline, answers = [], override, cancel }: Run): number[] {
  const all = [
    ...timeline.flatMap(({ atMs, lastAtMs }) => [atMs, lastAtMs ?? atMs]),
    ...answers.map(({ atMs }) => atMs),
    ...(override === undefined ? [] : [override.decidedAtMs]),
    ...(cancel === undefined ? [] : [cancel.atMs]),
  ]
  return [...new Set(all)].sort((one, other) => one - other)
}

/** What people did at this instant. */
async function operate(
  { ports }: ReplayWorld,
  { run: { override, cancel } }: RunExport,
  run: Run | undefined,
  instantMs: number,
): Promise<void> {
  if (run === undefined) return
  if (override?.decidedAtMs === instantMs) {
    if (override.kind === 'approved') await approveRun(ports, ids(run), override)
    else await rejectRun(ports, ids(run), override)
  }
  if (cancel?.atMs === instantMs) await cancelRun(ports, ids(run), cancel)
}

/** The next thing that is due, as the message or the tick that is due would do it. */
async function step(world: ReplayWorld, exported: RunExport, run: Run | undefined): Promise<void> {
  const { ports } = world
  const { customerId, model } = exported.run
  const key = { customerId, model }
  switch (run?.state) {
    case undefined:
    case 'queued':
    case 'submitted':
      return startRetraining(ports, key)
    case 'training':
      await pollRun(ports, { v: 1, ...ids(run), token: run.poll?.token ?? '' })
      return
    case 'trained':
      return judgeOrInstall(world, exported, run)
    case 'updating': {
      const isPatched = run.update?.patchedAtMs !== undefined && run.update.check !== undefined
      return isPatched ? check(world, run) : install(world, run)
    }
    case 'awaitingApproval': {
      if (run.warrant !== undefined) return install(world, run)
      const head = (await ports.readHead(key))?.value
      return head && settleApprovals(ports, key, head)
    }
    case 'rejected':
      return run.warrant === 'override' ? install(world, run) : undefined
    default:
      return undefined
  }
}

async function judgeOrInstall(world: ReplayWorld, exported: RunExport, run: Run): Promise<void> {
  if (run.warrant !== undefined) return install(world, run)
  const { ports } = world
  const settings = await ports.readSettings(run)
  const { holdout: result } = exported.run
  const live = exported.live && { generation: exported.live.generation, metrics: {} }
  const isUnmeasured = settings !== undefined && needsMeasuring(settings.gate, run, live)
  if (isUnmeasured && settings.gate.kind === 'limits' && settings.gate.holdout && result) {
    return concludeMeasuring(ports, settings, run, { holdout: settings.gate.holdout, result })
  }
  if (settings !== undefined) await judgeRun(ports, settings, run)
}

/** A check whose deadline has passed asks for one more PATCH by a message. */
async function check(world: ReplayWorld, run: Run): Promise<void> {
  const token = run.update?.check?.token ?? ''
  await updateEndpoint(world.ports, { id: '', body: { v: 1, kind: 'check', ...ids(run), token } })
  if (world.clock.now() >= (run.update?.deadlineAtMs ?? 0)) await install(world, run)
}

async function install({ ports }: ReplayWorld, run: Run): Promise<void> {
  await updateEndpoint(ports, { id: '', body: { v: 1, kind: 'update', ...ids(run) } })
}

function patchDifference({ patches: [patch] }: ReplayWorld): Difference | undefined {
  return patch && { what: 'where the PATCH points', expected: patch.expected, got: patch.got }
}

/** What the timeline does not tell in words. */
function finalDifference({ run: then }: RunExport, now: Run, isWhole: boolean): Difference | undefined {
  const warrant = (run: Run) => run.lives?.[0]?.warrant ?? run.warrant
  const numbers = (run: Run) => run.decision && { ...run.decision, decidedAtMs: 0, holdout: undefined }
  const all: [what: string, expected: unknown, got: unknown][] = [
    ['the verdict', then.verdict, now.verdict],
    ['the decision', numbers(then), numbers(now)],
    ['the warrant', warrant(then), warrant(now)],
    ['the metrics', then.metrics, now.metrics],
    ['the input', then.input, now.input],
  ]
  if (isWhole) all.push(['the state', then.state, now.state], ['the reason', then.reason, now.reason])
  const found = all.find(([, expected, got]) => !isSame(expected, got))
  if (found === undefined) return undefined
  const [what, expected, got] = found
  return { what, expected: JSON.stringify(expected), got: JSON.stringify(got) }
}
