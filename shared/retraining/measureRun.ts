import { TerminalError } from './errors.ts'
import { emptyHead } from './head.ts'
import { type Holdout, type HoldoutResult, usualRows } from './holdout.ts'
import { type InstallModelPorts, isThere } from './installModel.ts'
import { type JudgeRunPorts, judgeRun, needsMeasuring } from './judgeRun.ts'
import { beginMeasuring, comeAgain, concludeMeasuring, type Later, type Started } from './measuring.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import { type ScoreBothPorts, type Scored, scoreBoth } from './scoreBoth.ts'
import { holdoutFigures, unfitHoldout } from './scores.ts'
import type { ModelSettings } from './settings.ts'
import { deadlineOf, type Staged, type StageModelPorts, stageModel, stagingOf } from './stageModel.ts'
import { confirmStaging } from './stagingClaim.ts'
import type { HoldoutRows, HoldoutStore } from './stores.ts'
import { noteTrouble, type TroublePorts, textOf } from './trouble.ts'

/** What comparing a run's model with the live one on the same rows needs. */
export type MeasureRunPorts = JudgeRunPorts &
  TroublePorts &
  StageModelPorts &
  ScoreBothPorts &
  HoldoutStore &
  Pick<InstallModelPorts, 'describeEndpoint' | 'newId'>

/** Clocks of two workers may differ by so much. */
const earlyMs = 10_000
/** How long a run waits for the staging endpoint at most. */
const patienceMs = 24 * 3_600_000

type Step = { kind: 'result'; result: Omit<HoldoutResult, 'measuredAtMs' | 'blob'> } | Later

/**
 * Takes one step of comparing a trained run's model with the live one on the holdout and comes again until the figures are
 * on the run; then the gate judges it. What can't be compared for good is on the run as the reason, and the gate judges that.
 */
export async function measureRun(ports: MeasureRunPorts, settings: ModelSettings, run: Run): Promise<void> {
  const holdout = settings.gate.kind === 'limits' ? settings.gate.holdout : undefined
  if (run.state !== 'trained' || run.warrant !== undefined) return
  if (ports.now() + earlyMs < (run.measuring?.dueAtMs ?? 0)) return
  const champion = await readChampion(ports, run)
  if (
    holdout === undefined ||
    !needsMeasuring(settings.gate, run, champion && { ...champion, metrics: {} })
  ) {
    return judgeRun(ports, settings, run)
  }
  try {
    const started = await beginMeasuring(ports, run)
    if (started === undefined) return
    const step = await takeStep(ports, settings, started, { holdout, champion })
    if (step.kind === 'later') return await comeAgain(ports, started, step)
    const result = {
      ...step.result,
      blob: holdout.blob,
      live: champion?.generation,
      measuredAtMs: ports.now(),
    }
    await concludeMeasuring(ports, settings, started, { holdout, result })
  } catch (error) {
    await troubled(ports, settings, run, { holdout, live: champion?.generation, error })
  }
}

async function readChampion(ports: MeasureRunPorts, run: Run): Promise<Run | undefined> {
  const { live } = (await ports.readHead(run))?.value ?? emptyHead
  return live === undefined ? undefined : (await ports.readRun({ ...ids(run), generation: live }))?.value
}

type Contest = { holdout: Holdout; champion: Run | undefined }

async function takeStep(
  ports: MeasureRunPorts,
  settings: ModelSettings,
  run: Started,
  { holdout, champion }: Contest,
): Promise<Step> {
  const sample = await ports.readHoldout(run, holdout.blob, holdout.mostRows ?? usualRows)
  const unfit = unfitSample(holdout, sample)
  if (sample.kind !== 'found' || unfit !== undefined) return problem(unfit ?? 'it can not be read')
  if (ports.now() > run.measuring.startedAtMs + patienceMs)
    return problem('the staging endpoint was in use for a day')
  const staged = await stageModel(ports, holdout, run, sample.rows)
  if (staged.kind === 'problem') return problem(staged.reason)
  if (staged.kind === 'later') return staged
  const scored = await scoreBoth(ports, run, sample, {
    holdout,
    champion: champion && { endpoint: settings.endpoint, generation: champion.generation },
  })
  if (scored.kind === 'unfit') return problem(scored.reason)
  const moved = await movedAway(ports, settings, run, { holdout, champion, staged })
  return moved ?? resultOf(ports, run, { holdout, sample, scored })
}

function unfitSample(
  holdout: Holdout,
  sample: Awaited<ReturnType<HoldoutStore['readHoldout']>>,
): string | undefined {
  if (sample.kind === 'missing') return `there is no blob ${holdout.blob}`
  const reason = sample.kind === 'unfit' ? sample.reason : unfitHoldout(holdout, sample.rows)
  return reason && `${holdout.blob}: ${reason}`
}

function problem(text: string): Step {
  return { kind: 'result', result: { problem: text } }
}

type Ready = Extract<Staged, { kind: 'ready' }>

/**
 * After scoring, too, each endpoint names the model that was meant, and none of us sent the staging endpoint a PATCH meanwhile;
 * else the scores are void.
 */
async function movedAway(
  ports: MeasureRunPorts,
  settings: ModelSettings,
  run: Started,
  { holdout, champion, staged }: Contest & { staged: Ready },
): Promise<Step | undefined> {
  const again = (text: string): Step => ({ kind: 'later', seconds: ports.checkDelaySeconds, text })
  if (!(await isThere(ports, stagingOf(holdout), run)))
    return again('the staging endpoint names another model')
  if (!(await confirmStaging(ports, holdout.staging.url, staged.claim, staged.model)))
    return again('the staging endpoint was used meanwhile')
  if (champion === undefined || (await isThere(ports, settings, champion))) return undefined
  const reason = 'the endpoint does not name the live model'
  return ports.now() >= (deadlineOf(staged) ?? 0) ? problem(reason) : again(reason)
}

async function resultOf(
  ports: MeasureRunPorts,
  run: Started,
  from: { holdout: Holdout; sample: HoldoutRows; scored: Exclude<Scored, { kind: 'unfit' }> },
): Promise<Step> {
  const { holdout, sample, scored } = from
  if (scored.kind === 'partly') {
    await ports.writeScores(run, scored.scores)
    const text = `scored ${scored.scores.candidate.length} of ${sample.rows.length} rows`
    return { kind: 'later', seconds: 1, text }
  }
  const figures = holdoutFigures(holdout, sample.rows, scored.scores)
  const { etag, seen, rows } = sample
  return { kind: 'result', result: { etag, rows: seen, scored: rows.length, ...figures } }
}

type Trouble = { holdout: Holdout; live: number | undefined; error: unknown }

async function troubled(
  ports: MeasureRunPorts,
  settings: ModelSettings,
  run: Run,
  { holdout, live, error }: Trouble,
): Promise<void> {
  if (error instanceof TerminalError) {
    const result = {
      ...{ problem: ports.redact(textOf(error)).slice(0, 1_000), blob: holdout.blob, live },
      measuredAtMs: ports.now(),
    }
    const stored = (await ports.readRun(run))?.value
    return concludeMeasuring(ports, settings, stored ?? run, { holdout, result })
  }
  const outcome = await noteTrouble(ports, run, 'score on the holdout', error)
  if (outcome.kind !== 'later') return
  await ports.sendUpdate({ v: 1, kind: 'measure', ...ids(run) }, outcome.seconds)
}
