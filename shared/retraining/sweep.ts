import type { LandedBlob } from './drop.ts'

/**
 * Where the sweep over landed blobs stands: `next` while one is under way, begun at `startedAtMs`; blobs modified before
 * `sinceAtMs` were seen by the last complete one. `missedAtMs`: when the oldest blob that this one could not take was
 * modified.
 */
export type SweepCursor = {
  next?: string | undefined
  startedAtMs?: number | undefined
  sinceAtMs?: number | undefined
  missedAtMs?: number | undefined
}

/** Clocks of storage and app may differ, and a listing may be a little old: this much is looked at twice, in ms. */
const overlapMs = 5 * 60_000

/**
 * Which blobs of a page are due, and the cursor after it: a complete sweep moves the watermark to its own beginning, but
 * never past a blob that it missed. Pure.
 */
export function nextSweep(
  cursor: SweepCursor,
  page: { items: readonly LandedBlob[]; next?: string | undefined },
  nowMs: number,
): { due: LandedBlob[]; cursor: SweepCursor } {
  const startedAtMs = cursor.next === undefined ? nowMs : (cursor.startedAtMs ?? nowMs)
  const fromMs = (cursor.sinceAtMs ?? 0) - overlapMs
  const due = page.items.filter((blob) => blob.lastModifiedMs >= fromMs)
  const { sinceAtMs, missedAtMs } = cursor
  if (page.next === undefined) return { due, cursor: { sinceAtMs: earliest(startedAtMs, missedAtMs) } }
  return { due, cursor: { next: page.next, startedAtMs, sinceAtMs, missedAtMs } }
}

/** The cursor when some of the page's due blobs could not be taken: the next sweep takes them again. Pure. */
export function afterMissing(cursor: SweepCursor, missed: readonly LandedBlob[]): SweepCursor {
  if (missed.length === 0) return cursor
  const missedAtMs = earliest(...missed.map((blob) => blob.lastModifiedMs), cursor.missedAtMs)
  if (cursor.next !== undefined) return { ...cursor, missedAtMs }
  return { sinceAtMs: earliest(missedAtMs, cursor.sinceAtMs) }
}

function earliest(...timesMs: (number | undefined)[]): number {
  return Math.min(...timesMs.filter((timeMs) => timeMs !== undefined))
}
