import type { Head } from './head.ts'
import { isEnded, type Run } from './run.ts'

/** How long each kind is kept, in days; 0 is for ever. `modelsKept`: so many models that were live stay whatever their age. */
export type RetentionSettings = {
  dropsDays: number
  trainingSetsDays: number
  modelsDays: number
  modelsKept: number
  runsDays: number
  deadLettersDays: number
  unclaimedDays: number
  auditDays: number
}

/** Everything is kept for ever. */
export const keepAll: RetentionSettings = {
  ...{ dropsDays: 0, trainingSetsDays: 0, modelsDays: 0, modelsKept: 1, runsDays: 0 },
  ...{ deadLettersDays: 0, unclaimedDays: 0, auditDays: 0 },
}

/** What of a run has outlived its time. */
export type Outlived = { trainingSet: boolean; model: boolean; row: boolean }

/** Runs of a model as retention sees them: those that head names, and the live ones that a rollback may want. */
export type Surroundings = {
  head: Head
  rollbackTargets: ReadonlySet<number>
  trainedLast: number | undefined
}

const dayMs = 24 * 3_600_000

/** Before which instant something has outlived its time; undefined when it is kept for ever. Pure. */
export function cutoffMs(days: number, nowMs: number): number | undefined {
  return days === 0 ? undefined : nowMs - days * dayMs
}

/**
 * What of a run has outlived its time. Nothing does of a run that is under way, waits for a person, or that head names: live,
 * pinned, the floor, claimed, being told of; nor of the last generation, on which the next one's plan goes on; the model of
 * the last ones that were live stays, for a rollback. A run that was ever live keeps its row and manifest for ever, since
 * passports name each other. Pure.
 */
export function outlived(
  run: Run,
  around: Surroundings,
  settings: RetentionSettings,
  nowMs: number,
): Outlived {
  const none = { trainingSet: false, model: false, row: false }
  if (!isEnded(run.state) || isNamed(run.generation, around.head)) return none
  const endedAtMs = run.endedAtMs ?? run.liveAtMs ?? run.updatedAtMs
  const isOlder = (days: number) => endedAtMs < (cutoffMs(days, nowMs) ?? Number.NEGATIVE_INFINITY)
  const isLast = run.generation === around.trainedLast
  const trainingSet = isOlder(settings.trainingSetsDays) && !isLast
  const model = isOlder(settings.modelsDays) && !around.rollbackTargets.has(run.generation)
  const row = isOlder(settings.runsDays) && run.liveAtMs === undefined
  return {
    trainingSet: trainingSet && run.trainingSetGone !== true,
    model: model && run.archive !== undefined,
    row: row && model && trainingSet,
  }
}

/** Whether head names the generation, in whatever part. Pure. */
export function isNamed(generation: number, head: Head): boolean {
  const named = [
    ...[head.lastGeneration, head.inFlight, head.live, head.floor, head.pin?.generation, head.barred],
    ...[head.claim?.generation, head.marksOf, ...(head.awaiting ?? []), ...(head.approved ?? [])],
    ...(head.untold ?? []).map((each) => each.generation),
  ]
  return named.includes(generation)
}

/** The generations whose model a rollback may want: the last `count` that were live. `runs` are newest first. Pure. */
export function rollbackTargets(runs: readonly Run[], count: number): Set<number> {
  const live = runs.filter((run) => run.liveAtMs !== undefined && run.archive !== undefined)
  return new Set(live.slice(0, Math.max(1, count)).map(({ generation }) => generation))
}
