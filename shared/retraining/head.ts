import type { Watermark } from './generation.ts'
import type { Happening } from './happenings.ts'

/** Who may update the endpoint at the moment. `owner` is empty when the attempt ended without a sure outcome. */
export type Claim = { generation: number; attempt: number; owner: string; untilAtMs: number }

/** Who asks for something and why. */
export type Asked = { by: string; reason: string }

/** Who ordered something, why and when. */
export type Order = Asked & { atMs: number }

/** The generation that a rollback put back, or is putting back. */
export type Pin = Order & { generation: number }

/** `again`: also when nothing waits, on what was trained on before. `scheduled`: by the model's schedule. */
export type Retrain = Order & { again?: boolean | undefined; scheduled?: boolean | undefined }

/** Failed and rejected runs in a row. From how many on they quarantine the model is a setting: see `breaker.ts`. */
export type Breaker = { count: number; generation: number; lastAtMs: number; reason: string }

/** The schedule as it was planned (`text`), when it is due next, and what became of it the last time. */
export type ScheduleState = {
  text: string
  nextAtMs: number
  last?: { dueAtMs: number; outcome: 'started' | 'skipped'; reason: string } | undefined
}

/** The one row of a model that orders everything: changed by compare-and-swap only. */
export type Head = {
  /** The highest generation ever opened; 0 before the first. */
  lastGeneration: number
  /** The generation whose run is under way; no other opens meanwhile. */
  inFlight?: number | undefined
  /** The generation the endpoint answers with, checked. */
  live?: number | undefined
  /** The highest generation ever allowed to update: only one above it may claim. */
  floor: number
  /** While set, only its generation may update; other runs train and end superseded. */
  pin?: Pin | undefined
  /** The last generation opened before a rollback: none up to it may update again, but by another rollback. */
  barred?: number | undefined
  claim?: Claim | undefined
  /** When the start that was asked for is due. */
  startRequestedForAtMs?: number | undefined
  /** The generation whose drops are not all marked yet: the next one waits for that. */
  marksOf?: number | undefined
  /** Generations that wait for a person's approval: not in flight. */
  awaiting?: readonly number[] | undefined
  /** Generations that a person approved, until each is live or over: not in flight either. */
  approved?: readonly number[] | undefined
  /** How long this model's jobs take, as a running figure. */
  usualJobSeconds?: number | undefined
  /** The newest drop any generation trained on (`latest`). */
  trainedOn?: Watermark | undefined
  /** While set, drops are accepted and wait, and no generation opens. */
  paused?: Order | undefined
  /** A generation that was asked for: it opens without waiting for more drops. */
  retrain?: Retrain | undefined
  breaker?: Breaker | undefined
  schedule?: ScheduleState | undefined
  /** How often a generation went live. */
  lives?: number | undefined
  /** What happened and was not told yet: passports and webhooks, in order. */
  untold?: readonly Happening[] | undefined
}

/** A model's head before anything happened. */
export const emptyHead: Head = { lastGeneration: 0, floor: 0 }
