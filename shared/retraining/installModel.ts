import { type ClaimPorts, claimEndpoint, mayUpdate } from './claimEndpoint.ts'
import { type ConcludePorts, concludePatch, leaveClaim, rescueFence } from './concludePatch.ts'
import { endRun } from './endRun.ts'
import { RetryableError, TerminalError } from './errors.ts'
import { decideClaim, leftBehind } from './fence.ts'
import { type Claim, emptyHead } from './head.ts'
import { ids } from './names.ts'
import { isInstalled } from './preflight.ts'
import { type ProbePorts, probeEndpoint } from './probe.ts'
import type { Run } from './run.ts'
import type { EndpointPort, ResourceLocation } from './services.ts'
import type { ModelSettings } from './settings.ts'
import type { Messages, ModelArchive, Stored } from './stores.ts'
import { noteTrouble, type TroublePorts, textOf } from './trouble.ts'
import { withdrawApproval } from './withdrawApproval.ts'

/** What installing a model needs. */
export type InstallModelPorts = ClaimPorts &
  ConcludePorts &
  TroublePorts &
  ProbePorts &
  Pick<Messages, 'sendUpdate'> &
  Pick<ModelArchive, 'signModel'> &
  Pick<EndpointPort, 'describeEndpoint' | 'updateEndpoint'>

const skewMs = 15 * 60_000
const modelSasMs = 3_600_000

/**
 * Claims the endpoint, sends the PATCH with the archived model and has it checked later. Only one worker at a time holds
 * the claim; a generation that a newer one overtook ends superseded.
 */
export async function installModel(
  ports: InstallModelPorts,
  settings: ModelSettings,
  stored: Stored<Run>,
  again: boolean,
): Promise<void> {
  const run = stored.value
  if (!mayUpdate(run) || (!again && isInstalledAlready(run, ports.now()))) return
  const head = await ports.readHead(run)
  const early = decideClaim(head?.value ?? emptyHead, run, ports.now())
  const isFirst = run.state !== 'updating' && run.update?.probeBefore === undefined
  const probed = early.kind === 'claim' && isFirst && !(await isBack(ports, settings, run))
  const probeBefore = probed ? await probeEndpoint(ports, settings) : undefined
  const claimed = await claimEndpoint(ports, { head, run: stored }, probeBefore)
  switch (claimed.kind) {
    case 'moved':
      return
    case 'superseded':
      return supersede(ports, run, claimed.reason)
    case 'busy': {
      const seconds = Math.ceil((claimed.untilMs - ports.now()) / 1000) + 1
      return ports.sendUpdate({ v: 1, kind: 'update', ...ids(run) }, Math.max(1, seconds))
    }
    case 'claimed':
      return patch(ports, settings, claimed.run, claimed)
  }
}

/** Whether the endpoint names the model of a rollback already: its answer is no answer from before then. */
async function isBack(ports: InstallModelPorts, settings: ModelSettings, run: Run): Promise<boolean> {
  return (
    run.warrant === 'rollback' && settings.probeRow !== undefined && (await isNamed(ports, settings, run))
  )
}

/** An endpoint that can't be asked gives no evidence, and no trouble either. */
async function isNamed(ports: InstallModelPorts, settings: ModelSettings, run: Run): Promise<boolean> {
  try {
    return await isThere(ports, settings, run)
  } catch (error) {
    ports.log.warn({ ...ids(run) }, ports.redact(`the endpoint was not described: ${textOf(error)}`))
    return true
  }
}

/** Whether the PATCH was answered and its check is still to come: another one is for nothing. */
function isInstalledAlready(run: Run, nowMs: number): boolean {
  if (run.state === 'live') return true
  return run.update?.patchedAtMs !== undefined && nowMs < (run.update.deadlineAtMs ?? 0)
}

/** A live run that is put back may be overtaken too: it stays as it is, as does a rejected one that was approved. */
async function supersede(ports: InstallModelPorts, run: Run, reason: string): Promise<void> {
  if (run.state === 'rejected') return withdrawApproval(ports, run, reason)
  if (run.state !== 'live') await endRun(ports, run, { state: 'superseded', reason })
}

async function patch(
  ports: InstallModelPorts,
  settings: ModelSettings,
  run: Run,
  { claim, describeFirst }: { claim: Claim; describeFirst: boolean },
): Promise<void> {
  try {
    const there = describeFirst && (await isThere(ports, settings, run))
    if (!there) await sendPatch(ports, settings, run, () => assertInTime(ports, claim))
  } catch (error) {
    return patchFailed(ports, settings, run, { claim, error })
  }
  await conclude(ports, run, claim)
}

async function conclude(ports: InstallModelPorts, run: Run, claim: Claim): Promise<void> {
  if ((await concludePatch(ports, run, claim)) === 'concluded') return
  const head = await rescueFence(ports, run, claim)
  const behind = leftBehind(head, run.generation)
  if (behind !== undefined) await supersede(ports, run, behind)
}

/** Whether the endpoint says it was loaded from this run's archived model. */
export async function isThere(
  ports: Pick<InstallModelPorts, 'describeEndpoint' | 'signModel' | 'now'>,
  settings: Pick<ModelSettings, 'endpoint'>,
  run: Run,
): Promise<boolean> {
  const description = await ports.describeEndpoint(settings.endpoint)
  if (description === 'gone') return false
  return isInstalled(settings.endpoint, description, await modelLocation(ports, run))
}

/** Where the archived model is, with a fresh SAS. */
export function modelLocation(
  ports: Pick<InstallModelPorts, 'signModel' | 'now'>,
  run: Run,
): Promise<ResourceLocation> {
  if (run.archive === undefined)
    throw new TerminalError('Cannot update the endpoint: the run has no archived model')
  const nowMs = ports.now()
  return ports.signModel(run, run.archive.model.name, nowMs - skewMs, nowMs + modelSasMs)
}

/** A PATCH may take almost half of a claim: one that begins later could take effect after somebody else has the claim. */
function assertInTime({ now, claimSeconds }: ClaimPorts, claim: Claim): void {
  if (now() <= claim.untilAtMs - (claimSeconds * 1000) / 2) return
  throw new RetryableError('Cannot update the endpoint: half of its claim is over')
}

/** The PATCH; once more with a fresh SAS when the service could not read the blob. `begin` may refuse each by throwing. */
export async function sendPatch(
  ports: Pick<InstallModelPorts, 'updateEndpoint' | 'signModel' | 'now' | 'log'>,
  { endpoint }: Pick<ModelSettings, 'endpoint'>,
  run: Run,
  begin: () => void = () => undefined,
): Promise<void> {
  const send = async () => {
    const location = await modelLocation(ports, run)
    begin()
    await ports.updateEndpoint(endpoint, location)
  }
  try {
    await send()
  } catch (error) {
    if (!(error instanceof TerminalError && /BlobNotFound/.test(textOf(error)))) throw error
    ports.log.warn({ ...ids(run) }, 'the service could not read the model: once more with a fresh SAS')
    await send()
  }
}

/** A refused PATCH fails the run once the endpoint was described without it; an unsure one keeps the claim and comes again. */
async function patchFailed(
  ports: InstallModelPorts,
  settings: ModelSettings,
  run: Run,
  { claim, error }: { claim: Claim; error: unknown },
): Promise<void> {
  let trouble = error
  try {
    if (error instanceof TerminalError) {
      if (await isThere(ports, settings, run)) return await conclude(ports, run, claim)
      const reason = `the endpoint refused: ${textOf(error)}`
      return await endRun(ports, run, { state: 'failed', reason, claim })
    }
  } catch (describing) {
    trouble = new Error(textOf(error), { cause: describing })
  }
  await leaveClaim(ports, run, claim)
  const outcome = await noteTrouble(ports, run, 'update the endpoint', trouble)
  if (outcome.kind !== 'later') return
  await ports.sendUpdate({ v: 1, kind: 'update', ...ids(run) }, outcome.seconds)
}
