import type { Holdout, HoldoutResult } from './holdout.ts'
import { type JudgeRunPorts, judgeRun } from './judgeRun.ts'
import { ids } from './names.ts'
import type { Measuring, Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import { giveBackStaging, type StagingPorts } from './stagingClaim.ts'
import type { Clock, HoldoutStore } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What keeping the state of measuring on a run needs. */
export type MeasuringPorts = JudgeRunPorts &
  StagingPorts &
  Pick<HoldoutStore, 'removeScores'> &
  Pick<Clock, 'newId'>

/** A run that is being measured. */
export type Started = Run & { measuring: Measuring }

/** The next step is due in so many seconds; `text` is for the timeline. */
export type Later = { kind: 'later'; seconds: number; text: string }

/** The owner stands on the run before the staging endpoint is claimed: whoever goes on after a crash is the same owner. */
export async function beginMeasuring(ports: MeasuringPorts, run: Run): Promise<Started | undefined> {
  const nowMs = ports.now()
  const measuring: Measuring = { startedAtMs: nowMs, owner: ports.newId(), dueAtMs: nowMs }
  const begun = await swapRun(ports, run, (fresh) =>
    fresh.state === 'trained' && fresh.warrant === undefined
      ? { ...fresh, measuring: fresh.measuring ?? measuring, updatedAtMs: nowMs }
      : undefined,
  )
  return begun?.measuring === undefined ? undefined : { ...begun, measuring: begun.measuring }
}

/** The row says when the next step is due, then its message goes. */
export async function comeAgain(
  ports: MeasuringPorts,
  run: Started,
  { seconds, text }: Later,
): Promise<void> {
  const nowMs = ports.now()
  const dueAtMs = nowMs + seconds * 1000
  await swapRun(ports, run, (fresh) =>
    fresh.state === 'trained' && fresh.measuring !== undefined
      ? {
          ...fresh,
          measuring: { ...fresh.measuring, dueAtMs },
          retry: undefined,
          updatedAtMs: nowMs,
          timeline: addEntry(fresh.timeline, nowMs, text),
        }
      : undefined,
  )
  await ports.sendUpdate({ v: 1, kind: 'measure', ...ids(run) }, seconds)
}

/**
 * The figures first, then the staging endpoint is given back: a crash between costs others some minutes of waiting. Of two
 * workers that come to an end, one does, and only that one has the run judged.
 */
export async function concludeMeasuring(
  ports: MeasuringPorts,
  settings: ModelSettings,
  run: Run,
  { holdout, result }: { holdout: Holdout; result: HoldoutResult },
): Promise<void> {
  const nowMs = ports.now()
  const text =
    result.problem === undefined
      ? `scored on ${result.scored} rows of ${holdout.blob}`
      : `not compared: ${ports.redact(result.problem)}`
  const owner = run.measuring?.owner
  const measured = await swapRun(ports, run, (fresh) =>
    fresh.state === 'trained' && fresh.warrant === undefined && fresh.measuring?.owner === owner
      ? {
          ...fresh,
          holdout: result,
          measuring: undefined,
          retry: undefined,
          updatedAtMs: nowMs,
          timeline: addEntry(fresh.timeline, nowMs, text),
        }
      : undefined,
  )
  if (owner !== undefined) await giveBackStaging(ports, holdout.staging.url, owner)
  await ports.removeScores(run)
  if (measured !== undefined) await judgeRun(ports, settings, measured)
}
