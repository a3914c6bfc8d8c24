import { withIsoInstants } from './canonicalJson.ts'
import type { Manifest } from './generation.ts'
import { ids, type ModelKey, type RunKey } from './names.ts'
import type { Passport } from './passport.ts'
import type { Run } from './run.ts'
import { type ShowPassportPorts, showPassports } from './showPassport.ts'
import type { ModelArchive } from './stores.ts'

/** Times that a run's steps depend on, as the app had them. */
export type ExportedLimits = Readonly<
  Record<'checkDelaySeconds' | 'checkDeadlineSeconds' | 'claimSeconds' | 'retrySeconds', number>
>

/**
 * Everything one run was decided on, without secrets; instants are ISO. `settings` and what the services answered are in the
 * run's `answers`; keys are in it by reference only. `input` is the training set, where it was asked for.
 */
export type RunExport = {
  format: 'retrain-run/1'
  run: Run
  manifest: Manifest
  limits: ExportedLimits
  evaluation?: string | undefined
  /** The model that was live when the gate decided, with the metrics it was compared by. */
  live?:
    | {
        generation: number
        metrics?: Readonly<Record<string, number>> | undefined
        modelSha256?: string | undefined
      }
    | undefined
  passport?: Passport | undefined
  input?: string | undefined
}

/** What exporting a run needs. `readInputText`: undefined where the set is larger than `maxBytes` or gone. */
export type ExportRunPorts = ShowPassportPorts &
  Pick<ModelArchive, 'readEvaluation'> &
  ExportedLimits & {
    redact(text: string): string
    readInputText(key: ModelKey, name: string, maxBytes: number): Promise<string | undefined>
  }

/** The export as JSON that can leave, or why there is none. */
export type Exported =
  | { kind: 'exported'; file: Record<string, unknown> }
  | { kind: 'unknown' }
  | { kind: 'refused'; reason: string }

/** An answer of the HTTP API is held in memory as a whole. */
const mostDataBytes = 32 * 1024 * 1024

/** Reads what one run was decided on into one document. Training rows are in it only where `withData` says so. */
export async function exportRun(
  ports: ExportRunPorts,
  key: RunKey,
  { withData }: { withData: boolean },
): Promise<Exported> {
  const run = (await ports.readRun(key))?.value
  if (run === undefined) return { kind: 'unknown' }
  const manifest = await ports.readManifest(key, run.manifest)
  const input = withData ? await readInput(ports, run) : undefined
  if (withData && input === undefined) {
    const reason = `its training set is gone, or larger than ${mostDataBytes} bytes: export it without data`
    return { kind: 'refused', reason: `Cannot export generation ${key.generation}: ${reason}` }
  }
  const [passport] = (await showPassports(ports, key, { most: 1 })) ?? []
  const { checkDelaySeconds, checkDeadlineSeconds, claimSeconds, retrySeconds } = ports
  const file: RunExport = {
    format: 'retrain-run/1',
    run: withoutTokens(run),
    manifest,
    limits: { checkDelaySeconds, checkDeadlineSeconds, claimSeconds, retrySeconds },
    evaluation: await readEvaluation(ports, run),
    live: await readLive(ports, run),
    passport,
    input,
  }
  return { kind: 'exported', file: withIsoInstants(file) as Record<string, unknown> }
}

/** Slots and tokens of messages mean nothing elsewhere. */
function withoutTokens(run: Run): Run {
  return { ...run, slot: undefined, poll: undefined, measuring: undefined }
}

function readInput(ports: ExportRunPorts, { input, ...run }: Run): Promise<string | undefined> {
  if (input === undefined) return Promise.resolve('')
  return ports.readInputText(run, input.name, mostDataBytes)
}

/** Line by line: an evaluation is another hand's text, and may be longer than what `redact` leaves. */
async function readEvaluation(ports: ExportRunPorts, run: Run): Promise<string | undefined> {
  if (run.archive === undefined) return undefined
  const text = await ports.readEvaluation(run, run.archive.evaluation.name)
  return text.split('\n').map(ports.redact).join('\n')
}

async function readLive(ports: ExportRunPorts, run: Run): Promise<RunExport['live']> {
  const generation = run.decision?.live
  if (generation === undefined) return undefined
  const live = (await ports.readRun({ ...ids(run), generation }))?.value
  return { generation, metrics: live?.metrics, modelSha256: live?.archive?.model.sha256 }
}
