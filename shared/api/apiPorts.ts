import type { ApproveRunPorts } from '../retraining/approveRun.ts'
import type { AuditLog } from '../retraining/audit.ts'
import type { BackfillPorts } from '../retraining/backfill.ts'
import type { CancelRunPorts } from '../retraining/cancelRun.ts'
import type { CountFleetPorts } from '../retraining/countFleet.ts'
import type { EraseCustomerPorts } from '../retraining/eraseCustomer.ts'
import type { ExcludeDropPorts } from '../retraining/excludeDrop.ts'
import type { ExplainModelPorts } from '../retraining/explainModel.ts'
import type { ExportRunPorts } from '../retraining/exportRun.ts'
import type { HandOverPorts } from '../retraining/handOver.ts'
import type { PauseStore } from '../retraining/hold.ts'
import type { KeepHoldoutPorts } from '../retraining/keepHoldout.ts'
import type { ListDropsPorts } from '../retraining/listDrops.ts'
import type { ListModelsPorts } from '../retraining/listModels.ts'
import type { ManageWebhooksPorts } from '../retraining/manageWebhooks.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { OffboardModelPorts } from '../retraining/offboardModel.ts'
import type { OfferUploadPorts } from '../retraining/offerUpload.ts'
import type { OnboardModelPorts } from '../retraining/onboardModel.ts'
import type { PausePorts } from '../retraining/pauseModels.ts'
import type { PlanFleetRollbackPorts } from '../retraining/planFleetRollback.ts'
import type {
  EndpointOwners,
  ManagementPort,
  ModelSettingsStore,
  WebServiceStore,
} from '../retraining/predictiveServices.ts'
import type { ReadHealthPorts } from '../retraining/readHealth.ts'
import type { RefreshModelPorts } from '../retraining/refreshModel.ts'
import type { RejectRunPorts } from '../retraining/rejectRun.ts'
import type { ResendLettersPorts } from '../retraining/resendLetters.ts'
import type { ResumeServicePorts } from '../retraining/resumeService.ts'
import type { RetrainPorts } from '../retraining/retrain.ts'
import type { RollbackPorts } from '../retraining/rollback.ts'
import type { Run } from '../retraining/run.ts'
import type { Clock, Log, SettingsStore } from '../retraining/stores.ts'
import type { WhatIfPorts } from '../retraining/whatIf.ts'
import type { WorkRetentionPorts } from '../retraining/workRetention.ts'

/** Passports, exports and webhooks. */
type LineagePorts = ExportRunPorts & ManageWebhooksPorts

/** What every route has at hand: time, the log, the audit log and what cuts secrets out of texts. */
type BasePorts = Clock & AuditLog & { log: Log; redact(text: string): string }

/** Drops: listed, left out, and where more may be uploaded. */
type DropPorts = ListDropsPorts & ExcludeDropPorts & OfferUploadPorts

/** What is handed over, kept and erased. */
type KeepingPorts = HandOverPorts & WorkRetentionPorts & EraseCustomerPorts

/** Approvals, judging past runs anew, and the rows that models are compared on. */
type GatePorts = ApproveRunPorts &
  RejectRunPorts &
  WhatIfPorts &
  KeepHoldoutPorts &
  Pick<SettingsStore, 'readSettings'>

/** What an operator does by hand, to one model or to many. */
type OperationPorts = RollbackPorts &
  CancelRunPorts &
  RetrainPorts &
  PausePorts &
  BackfillPorts &
  PlanFleetRollbackPorts &
  PauseStore &
  Pick<ModelSettingsStore, 'listSettings'>

/** What is read to show the fleet, a model, a run; and dead letters. */
type ViewPorts = CountFleetPorts &
  ListModelsPorts &
  ExplainModelPorts &
  ResendLettersPorts &
  ResumeServicePorts & {
    /** The newest first, of those below a generation where one is given; `problem` where a row can't be read. */
    listRuns(
      key: ModelKey,
      count: number,
      below?: number,
    ): Promise<(Run | (ModelKey & { generation: number; problem: string }))[]>
    readUnclaimed(page: { size: number; next?: string }): Promise<{
      drops: { name: string; sizeBytes: number; reason: string; seenAtMs: number }[]
      next?: string
    }>
  }

/** Web services, and models that are made known, taken out of service or refreshed. */
type FleetPorts = OnboardModelPorts &
  OffboardModelPorts &
  RefreshModelPorts &
  ManagementPort &
  EndpointOwners &
  ModelSettingsStore &
  WebServiceStore

/**
 * The ports of all routes: one line for each use case's ports. The app's own (`AppPorts`) satisfy it, as `functions/api`
 * shows to the compiler.
 */
export type ApiPorts = BasePorts &
  ViewPorts &
  GatePorts &
  DropPorts &
  KeepingPorts &
  ReadHealthPorts &
  OperationPorts &
  FleetPorts &
  LineagePorts
