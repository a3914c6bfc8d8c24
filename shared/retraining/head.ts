import type { Watermark } from './generation.ts'

/** Who may update the endpoint at the moment. `owner` is empty when the attempt ended without a sure outcome. */
export type Claim = { generation: number; attempt: number; owner: string; untilAtMs: number }

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
  /** While set, runs train and end superseded (after a rollback). */
  pinned?: boolean | undefined
  claim?: Claim | undefined
  /** When the start that was asked for is due. */
  startRequestedForAtMs?: number | undefined
  /** The generation whose drops are not all marked yet: the next one waits for that. */
  marksOf?: number | undefined
  /** Generations that wait for a person's approval: not in flight. */
  awaiting?: readonly number[] | undefined
  /** How long this model's jobs take, as a running figure. */
  usualJobSeconds?: number | undefined
  /** The newest drop any generation trained on (`latest`). */
  trainedOn?: Watermark | undefined
}

/** A model's head before anything happened. */
export const emptyHead: Head = { lastGeneration: 0, floor: 0 }
