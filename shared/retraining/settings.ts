import type { Holdout } from './holdout.ts'
import type { ModelKey } from './names.ts'
import type { Endpoint, ScoringRow, TrainingService } from './services.ts'
import type { Webhook } from './webhook.ts'

/** When a trained model may reach the endpoint. `always`: every model whose job finished. */
export type Gate = { kind: 'always' } | LimitsGate

/** A gate of limits: texts that `parseLimits` reads, all of which must hold. */
export type LimitsGate = {
  kind: 'limits'
  limits: readonly string[]
  /** When a person is asked though all limits hold: never, always, or when one of these limits doesn't hold. */
  approval?: 'never' | 'always' | { outside: readonly string[] } | undefined
  /** What a figure that is missing or no finite number leads to: `reject` where absent. */
  missing?: 'reject' | 'approve' | undefined
  holdout?: Holdout | undefined
}

/**
 * When waiting drops are trained on: NCRONTAB of six fields, in an IANA time zone (UTC where absent), spread over so many
 * minutes by the model's name (5 where absent) but never beyond the next time.
 */
export type Schedule = { cron: string; timeZone?: string | undefined; spreadMinutes?: number | undefined }

/** One row of the `customers` table: settings of one customer's model, no state. */
export type ModelSettings = ModelKey & {
  /** Name of a row of the `webservices` table. */
  trainingService: string
  /** Name of the predictive web service whose endpoint it is; absent where the endpoint was written by other hands. */
  predictiveService?: string | undefined
  endpoint: Endpoint
  /** `latest`: each drop is a whole training set. `append`: the last drops are joined. */
  trainingData: 'latest' | 'append'
  /** How long no drop may have come before a generation opens, and the most the oldest drop waits for that. */
  quietSeconds: number
  maxQuietSeconds: number
  jobDeadlineMinutes: number
  gate: Gate
  /** One row that is scored before and after an update, as evidence that another model answers. */
  probeRow?: ScoringRow | undefined
  /** What to do when the endpoint is found with another model: put ours back, or only say so. */
  driftPolicy: 'mend' | 'report'
  /** How long a run waits for approval before it is rejected, in days (14 where absent). */
  approvalDays?: number | undefined
  /** `append` only: how many drops are joined at most (100 where absent), and how many bytes (1 GiB). */
  appendDrops?: number | undefined
  appendBytes?: number | undefined
  /** With a schedule waiting drops start by it, not by the quiet period. */
  schedule?: Schedule | undefined
  /** So many failed or rejected runs in a row quarantine the model (3 where absent, 0: never). */
  breakerRuns?: number | undefined
  /** Who is told of this model's runs, beside the fleet's webhook. */
  webhook?: Webhook | undefined
}

/** Settings as they are written: without a deadline the app's own holds. */
export type WrittenSettings = Omit<ModelSettings, 'jobDeadlineMinutes'> & {
  jobDeadlineMinutes?: number | undefined
}

/** One row of the `webservices` table. */
export type TrainingServiceSettings = TrainingService & {
  /** How many jobs may be in flight, of all customers and of one (a quarter of them where absent). */
  maxJobsInFlight: number
  maxJobsPerCustomer?: number | undefined
}
