import type { HoldoutResult } from './holdout.ts'
import type { LimitOutcome } from './limits.ts'

/** What the gate decided of a run, with every number it compared: kept on the run. */
export type Decision = {
  decidedAtMs: number
  verdict: 'update' | 'reject' | 'approve'
  /** The gate as it was, in words. */
  gate: string
  /** The generation that was live and compared with; absent where none was. */
  live?: number | undefined
  /** Each limit that must hold. */
  limits: readonly LimitOutcome[]
  /** Each limit of the band outside of which a person is asked. */
  band?: readonly LimitOutcome[] | undefined
  holdout?: HoldoutResult | undefined
}

/** What a person decided in place of the gate: who, why and when. */
export type Override = { kind: 'approved' | 'rejected'; by: string; reason: string; decidedAtMs: number }

/** Who decides, and why: both stand on the run. */
export type Deciding = { by: string; reason: string }
