import type { ApproveRunPorts } from '../retraining/approveRun.ts'
import type { AuditLog } from '../retraining/audit.ts'
import type { ExcludeDropPorts } from '../retraining/excludeDrop.ts'
import type { ListDropsPorts } from '../retraining/listDrops.ts'
import type { OfferUploadPorts } from '../retraining/offerUpload.ts'
import type { ReadHealthPorts } from '../retraining/readHealth.ts'
import type { RejectRunPorts } from '../retraining/rejectRun.ts'
import type { Clock, Log, SettingsStore } from '../retraining/stores.ts'
import type { WhatIfPorts } from '../retraining/whatIf.ts'

/** What every route has at hand: time, the log, the audit log and what cuts secrets out of texts. */
type BasePorts = Clock & AuditLog & { log: Log; redact(text: string): string }

/** Drops: listed, left out, and where more may be uploaded. */
type DropPorts = ListDropsPorts & ExcludeDropPorts & OfferUploadPorts

/** Approvals, and judging past runs anew. */
type GatePorts = ApproveRunPorts & RejectRunPorts & WhatIfPorts & Pick<SettingsStore, 'readSettings'>

/**
 * The ports of all routes: one line for each use case's ports. The app's own (`AppPorts`) satisfy it, as `functions/api`
 * shows to the compiler.
 */
export type ApiPorts = BasePorts & GatePorts & DropPorts & ReadHealthPorts
