/** What became of an audited call: `begun` and no more where the app ended meanwhile. */
export type AuditOutcome = 'begun' | 'done' | 'refused' | 'failed'

/** A write that somebody asked for: who, what, to what and why. */
export type AuditEntry = {
  /** A verb phrase, `approve run`. */
  what: string
  /** What it is about, as the path below `/api`: `customers/contoso/models/census/runs/4/approve`. */
  target: string
  /** The principal's name, or the one the caller gave. */
  by: string
  reason: string
  requestId: string
  beganAtMs: number
}

/** An entry as it is listed; `detail` says why it was refused or failed. */
export type ListedAudit = AuditEntry & {
  id: string
  outcome: AuditOutcome
  status?: number | undefined
  detail?: string | undefined
  endedAtMs?: number | undefined
}

/** An entry whose row can't be read. */
export type DamagedAudit = { id: string; beganAtMs: number; problem: string }

/** How an audited call ended; `status` is the HTTP status of its answer. */
export type AuditEnd = {
  outcome: Exclude<AuditOutcome, 'begun'>
  status: number
  detail?: string | undefined
  endedAtMs: number
}

/** The audit log: an entry is written before the effect and completed after it. */
export type AuditLog = {
  /** Answers the entry's id. */
  beginAudit(entry: AuditEntry): Promise<string>
  /** Completes an entry; an unknown id throws TerminalError. */
  endAudit(id: string, end: AuditEnd): Promise<void>
  /** Newest first; `damaged` are entries of the page that can't be read, with the reason. */
  listAudit(page: {
    size: number
    next?: string | undefined
  }): Promise<{ items: ListedAudit[]; damaged: DamagedAudit[]; next?: string }>
}
