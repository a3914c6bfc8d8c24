import { TerminalError } from './errors.ts'
import { fingerprint } from './fingerprint.ts'
import type { Holdout } from './holdout.ts'
import { type InstallModelPorts, modelLocation, sendPatch } from './installModel.ts'
import type { Started } from './measuring.ts'
import { isInstalled } from './preflight.ts'
import { batchRows } from './scoreBoth.ts'
import { scoringRow } from './scores.ts'
import type { EndpointPort, ScoringRow } from './services.ts'
import {
  claimStaging,
  leaseMs,
  notePatch,
  type StagedModel,
  type StagingClaim,
  type StagingPatch,
  type StagingPorts,
  settlePatch,
} from './stagingClaim.ts'

/** What getting a model onto the staging endpoint needs. */
export type StageModelPorts = StagingPorts &
  EndpointPort &
  Pick<InstallModelPorts, 'signModel' | 'log' | 'newId' | 'checkDelaySeconds' | 'checkDeadlineSeconds'>

/** `ready`: the staging endpoint answers with the model, as far as it can be seen, while the claim stays as it is. */
export type Staged =
  | { kind: 'ready'; claim: StagingClaim; model: StagedModel }
  | { kind: 'later'; seconds: number; text: string }
  | { kind: 'problem'; reason: string }

type Stage = {
  holdout: Holdout
  run: Started
  claim: StagingClaim
  model: StagedModel
  /** Rows to be asked, and which ones they are. */
  some: { rows: readonly ScoringRow[]; print: string }
}

const mostWaitSeconds = 300
/** How long a PATCH that was not answered, or with an error, may still take effect, in ms: longer than a call may take. */
const settleMs = 2 * 60_000

/**
 * Takes one step towards the run's model answering on the staging endpoint: claims it, sends the PATCH, sees that it names
 * the model and answers otherwise than before. That says something only where nothing else changes it in between: so one
 * PATCH is under way at a time, and one that ended unsure is waited out. Other customers' runs use it in turn.
 */
export async function stageModel(
  ports: StageModelPorts,
  holdout: Holdout,
  run: Started,
  rows: readonly ScoringRow[],
): Promise<Staged> {
  const model = await modelOf(ports, run)
  const taken = await claimStaging(ports, holdout.staging.url, { ...run, owner: run.measuring.owner })
  if (taken.kind === 'busy') return waits(Math.ceil((taken.untilMs - ports.now()) / 1000) + 1)
  const some = rows.slice(0, batchRows).map((row) => scoringRow(holdout, row))
  const asked = { rows: some, print: fingerprint(JSON.stringify(some)) }
  const stage: Stage = { holdout, run, claim: taken.claim, model, some: asked }
  const missing = await missingOf(ports, stage)
  if (missing === undefined) return { kind: 'ready', claim: stage.claim, model }
  const deadlineAtMs = deadlineOf(stage)
  if (deadlineAtMs !== undefined && ports.now() >= deadlineAtMs) {
    return { kind: 'problem', reason: `the staging endpoint does not answer with the model: ${missing}` }
  }
  return patchStaging(ports, stage, deadlineAtMs)
}

function waits(seconds: number): Staged {
  const bounded = Math.min(mostWaitSeconds, Math.max(5, seconds))
  return { kind: 'later', seconds: bounded, text: 'waits for the staging endpoint' }
}

async function modelOf(ports: StageModelPorts, run: Started): Promise<StagedModel> {
  if (run.archive === undefined)
    throw new TerminalError('Cannot stage the model: the run has no archived one')
  const { name, sha256 } = run.archive.model
  const { baseLocation, relativeLocation } = await modelLocation(ports, run)
  return { name, sha256, baseLocation, relativeLocation }
}

/** Until when the endpoint must answer with the model; undefined before a PATCH of it was answered. Pure. */
export function deadlineOf({ claim: { patch }, model }: Pick<Stage, 'claim' | 'model'>): number | undefined {
  return patch?.name === model.name ? patch.deadlineAtMs : undefined
}

/** The staging endpoint, as what `isThere` and `sendPatch` take. */
export function stagingOf({ staging }: Holdout) {
  return { endpoint: staging }
}

/** What is missing for the model to answer, in words; undefined when nothing is. */
async function missingOf(ports: StageModelPorts, stage: Stage): Promise<string | undefined> {
  const { claim, model, some } = stage
  const isSeen = claim.seen?.name === model.name
  const patch = claim.patch?.name === model.name ? claim.patch : undefined
  if (!isSeen && patch === undefined) return 'it was not given the model yet'
  if (!(await isNamed(ports, stage, model))) return 'it names another model'
  if (isSeen || patch?.before === undefined) return undefined
  if (patch.rows !== some.print) return 'other rows were held out before'
  return patch.before === (await answers(ports, stage)) ? 'it answers as before' : undefined
}

async function isNamed(ports: StageModelPorts, { holdout }: Stage, model: StagedModel): Promise<boolean> {
  const description = await ports.describeEndpoint(holdout.staging)
  return description !== 'gone' && isInstalled(holdout.staging, description, model)
}

async function answers(ports: StageModelPorts, { holdout, some }: Stage): Promise<string> {
  return fingerprint(JSON.stringify(await ports.score(holdout.staging, some.rows)))
}

/**
 * What it answers before stands on the endpoint's row before the PATCH goes. Where it answers with the same bytes already,
 * under the name of another run's model, it will answer as before.
 */
async function patchStaging(
  ports: StageModelPorts,
  stage: Stage,
  deadlineAtMs: number | undefined,
): Promise<Staged> {
  const { claim, holdout, model, some } = stage
  const isSame = claim.seen?.sha256 === model.sha256
  const before = await answers(ports, stage)
  const seen = claim.seen && (await isNamed(ports, stage, claim.seen)) ? claim.seen : undefined
  const patch: StagingPatch = {
    ...{ id: ports.newId(), name: model.name, rows: some.print, deadlineAtMs },
    before: isSame && seen !== undefined ? undefined : before,
    unsureUntilMs: ports.now() + leaseMs,
  }
  if (!(await notePatch(ports, holdout.staging.url, claim, { patch, seen }))) return waits(0)
  await sendNoted(ports, stage, patch)
  return { kind: 'later', seconds: ports.checkDelaySeconds, text: 'staging endpoint updated' }
}

/** A PATCH that was answered has taken effect or never will; any other may still. */
async function sendNoted(ports: StageModelPorts, stage: Stage, patch: StagingPatch): Promise<void> {
  const { holdout, run } = stage
  try {
    await sendPatch(ports, stagingOf(holdout), run)
  } catch (error) {
    const unsureUntilMs = error instanceof TerminalError ? undefined : ports.now() + settleMs
    await settlePatch(ports, holdout.staging.url, { ...patch, unsureUntilMs })
    throw error
  }
  const deadlineAtMs = patch.deadlineAtMs ?? ports.now() + ports.checkDeadlineSeconds * 1000
  await settlePatch(ports, holdout.staging.url, { ...patch, unsureUntilMs: undefined, deadlineAtMs })
}
