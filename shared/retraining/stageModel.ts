import { fingerprint } from './fingerprint.ts'
import type { Holdout } from './holdout.ts'
import { type InstallModelPorts, isThere, sendPatch } from './installModel.ts'
import type { Started } from './measuring.ts'
import type { Measuring } from './run.ts'
import { batchRows } from './scoreBoth.ts'
import { scoringRow } from './scores.ts'
import type { EndpointPort, ScoringRow } from './services.ts'
import { claimStaging, noteStaging, type StagingPorts } from './stagingClaim.ts'
import type { RunStore } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What getting a model onto the staging endpoint needs. */
export type StageModelPorts = StagingPorts &
  Pick<RunStore, 'readRun' | 'commit'> &
  EndpointPort &
  Pick<InstallModelPorts, 'signModel' | 'log' | 'checkDelaySeconds' | 'checkDeadlineSeconds'>

/** `ready`: the staging endpoint answers with the run's model, as far as it can be seen. */
export type Staged =
  | { kind: 'ready' }
  | { kind: 'later'; seconds: number; text: string }
  | { kind: 'problem'; reason: string }

const mostWaitSeconds = 300

/**
 * Takes one step towards the run's model answering on the staging endpoint: claims it, sends the PATCH, sees that it names
 * the model and answers otherwise than before. Other customers' runs use it in turn; each installs its own model first.
 */
export async function stageModel(
  ports: StageModelPorts,
  holdout: Holdout,
  run: Started,
  rows: readonly ScoringRow[],
): Promise<Staged> {
  const { owner } = run.measuring
  const claim = await claimStaging(ports, holdout.staging.url, { ...run, owner })
  if (claim.kind === 'busy') {
    const seconds = Math.ceil((claim.untilMs - ports.now()) / 1000) + 1
    return {
      kind: 'later',
      seconds: Math.min(mostWaitSeconds, Math.max(5, seconds)),
      text: 'waits for the staging endpoint',
    }
  }
  const patched = claim.isNew ? undefined : run.measuring.patched
  if (patched === undefined) {
    const isSame = claim.holds !== undefined && claim.holds === run.archive?.model.sha256
    const before = isSame ? undefined : await answersBefore(ports, holdout, run, rows)
    return patchStaging(ports, holdout, run, before)
  }
  const missing = patched.isSent ? await missingOf(ports, holdout, run, rows) : 'the PATCH was not sent yet'
  if (missing === undefined) return { kind: 'ready' }
  if (ports.now() >= patched.deadlineAtMs) {
    return { kind: 'problem', reason: `the staging endpoint does not answer with the model: ${missing}` }
  }
  return patchStaging(ports, holdout, run, await answersBefore(ports, holdout, run, rows))
}

/**
 * What the endpoint answers before a PATCH. When it names this very model already, also by now, a PATCH went before: what
 * counts is what it answered before that one.
 */
async function answersBefore(
  ports: StageModelPorts,
  holdout: Holdout,
  run: Started,
  rows: readonly ScoringRow[],
): Promise<string | undefined> {
  const isBack = () => isThere(ports, stagingOf(holdout), run)
  const before = run.measuring.patched?.before
  if (await isBack()) return before
  const now = await answers(ports, holdout, rows)
  return (await isBack()) ? before : now
}

/** The staging endpoint, as what `isThere` and `sendPatch` take. */
export function stagingOf({ staging }: Holdout) {
  return { endpoint: staging }
}

/** What is missing for the model to answer, in words; undefined when nothing is. */
async function missingOf(
  ports: StageModelPorts,
  holdout: Holdout,
  run: Started,
  rows: readonly ScoringRow[],
): Promise<string | undefined> {
  if (!(await isThere(ports, stagingOf(holdout), run))) return 'it names another model'
  const before = run.measuring.patched?.before
  if (before === undefined || before !== (await answers(ports, holdout, rows))) return undefined
  return 'it answers as before'
}

async function answers(
  ports: StageModelPorts,
  holdout: Holdout,
  rows: readonly ScoringRow[],
): Promise<string> {
  const some = rows.slice(0, batchRows).map((row) => scoringRow(holdout, row))
  return fingerprint(JSON.stringify(await ports.score(holdout.staging, some)))
}

/** What it answered before stands on the run before the PATCH goes, and is never asked again after that. */
async function patchStaging(
  ports: StageModelPorts,
  holdout: Holdout,
  run: Started,
  before: string | undefined,
): Promise<Staged> {
  const deadlineAtMs = run.measuring.patched?.deadlineAtMs ?? ports.now() + ports.checkDeadlineSeconds * 1000
  await notePatch(ports, run, { before, isSent: false, deadlineAtMs })
  await noteStaging(ports, holdout.staging.url, { owner: run.measuring.owner })
  await sendPatch(ports, stagingOf(holdout), run)
  await notePatch(ports, run, { before, isSent: true, deadlineAtMs })
  return { kind: 'later', seconds: ports.checkDelaySeconds, text: 'staging endpoint updated' }
}

async function notePatch(
  ports: StageModelPorts,
  run: Started,
  patched: NonNullable<Measuring['patched']>,
): Promise<void> {
  const nowMs = ports.now()
  await swapRun(ports, run, (fresh) =>
    fresh.state === 'trained' && fresh.measuring?.owner === run.measuring.owner
      ? {
          ...fresh,
          measuring: { ...fresh.measuring, patched },
          updatedAtMs: nowMs,
          timeline: patched.isSent
            ? addEntry(fresh.timeline, nowMs, 'staging endpoint updated')
            : fresh.timeline,
        }
      : undefined,
  )
}
