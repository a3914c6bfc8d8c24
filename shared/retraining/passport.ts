import { canonicalJson, withIsoInstants } from './canonicalJson.ts'
import type { Decision, Override } from './decision.ts'
import type { Manifest } from './generation.ts'
import type { Life } from './life.ts'
import type { ArchivedFile, Run } from './run.ts'
import { lastAnswer } from './wireAnswers.ts'

/** The passport before this one: what answered until then. */
export type PreviousPassport = { sequence: number; generation: number; sha256: string }

/**
 * Where a live model came from, written once, when it went live; instants are ISO. `sha256` is the hash of all the rest as
 * canonical JSON, `previous` that of the passport before: from one passport the whole chain can be checked without the app.
 */
export type Passport = {
  format: 'retrain-passport/1'
  customerId: string
  model: string
  generation: number
  /** Counts the model's times of going live, also by a rollback. */
  sequence: number
  liveAt: string
  warrant?: string | undefined
  evidence?: string | undefined
  times: { openedAt: string; jobStartedAt?: string; trainedAt?: string }
  training: { service: string; jobId?: string | undefined; attempt: number; parameters: TrainingParameters }
  /** The drops with their hashes: `sha256` in hex of what was copied, `md5` in base64 where storage had one. */
  manifest: IsoManifest
  manifestSha256: string
  metrics: Readonly<Record<string, number>>
  /** What the gate decided with each number it compared, and what a person decided in its place. */
  gate: { verdict?: string | undefined; decision?: Iso<Decision>; override?: Iso<Override> }
  modelFile: ArchivedFile
  evaluationFile: ArchivedFile
  previous: PreviousPassport | null
  sha256: string
}

/** What the job was given beside the data. */
export type TrainingParameters = Partial<
  Record<'trainingData' | 'inputPort' | 'modelPort' | 'evaluationPort', string>
>

type Iso<_Value> = Readonly<Record<string, unknown>>
type IsoManifest = Iso<Manifest> & {
  drops: { name: string; use: string; sizeBytes: number; sha256?: string; md5?: string }[]
  earlier: { id: string; generation: number }[]
}

/** What a passport is made of. */
export type PassportParts = {
  run: Run
  life: Life
  manifest: Manifest
  previous: PreviousPassport | undefined
}

/** The passport as it is written: its bytes follow from rows that do not change any more. Pure but for `sha256`. */
export function passportOf(
  { run, life, manifest, previous }: PassportParts,
  sha256: (text: string) => string,
): Passport | undefined {
  if (run.archive === undefined) return undefined
  const { customerId, model, generation } = run
  const { openedAtMs, jobStartedAtMs, trainedAtMs } = run
  const { decision, override } = run
  const unsigned = withIsoInstants({
    ...{ format: 'retrain-passport/1', customerId, model, generation, sequence: life.sequence },
    ...{ liveAtMs: life.atMs, warrant: life.warrant, evidence: life.evidence },
    times: { openedAtMs, jobStartedAtMs, trainedAtMs },
    training: trainingOf(run),
    manifest,
    manifestSha256: sha256(canonicalJson(withIsoInstants(manifest))),
    metrics: run.metrics ?? {},
    gate: { verdict: run.verdict, decision, override },
    ...{ modelFile: run.archive.model, evaluationFile: run.archive.evaluation },
    previous: previous ?? null,
  }) as Omit<Passport, 'sha256'>
  return { ...unsigned, sha256: sha256(canonicalJson(unsigned)) }
}

function trainingOf(run: Run): Passport['training'] {
  const { trainingService: service, jobId, attempt } = run
  const settings = lastAnswer<{ trainingData?: string }>(run.answers, 'settings')
  const ports = lastAnswer<TrainingParameters>(run.answers, 'service')
  const parameters = {
    trainingData: settings?.trainingData,
    inputPort: ports?.inputPort,
    modelPort: ports?.modelPort,
    evaluationPort: ports?.evaluationPort,
  }
  return { service, jobId, attempt, parameters: parameters as TrainingParameters }
}

/** Whether a passport's own hash is that of its content. Pure but for `sha256`. */
export function hasOwnHash(passport: Passport, sha256: (text: string) => string): boolean {
  const { sha256: own, ...unsigned } = passport
  return own === sha256(canonicalJson(unsigned))
}
