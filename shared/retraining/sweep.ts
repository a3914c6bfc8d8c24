import { afterOldDays } from './datedName.ts'
import type { LandedBlob } from './drop.ts'

/** The `recent` sweep skips old days of dated names; the `whole` one skips nothing. */
export type SweepName = 'recent' | 'whole'

/**
 * Where a sweep over landed blobs stands. While one is under way, begun at `startedAtMs`, it goes on at the page `next`, or
 * where the name `from` would be. Blobs modified before `sinceAtMs` were seen by the last complete one. `missedAtMs`: when
 * the oldest blob that this one could not take was modified. `skips`: some were skipped, so that a whole sweep is due.
 */
export type SweepCursor = {
  next?: string | undefined
  from?: string | undefined
  startedAtMs?: number | undefined
  sinceAtMs?: number | undefined
  missedAtMs?: number | undefined
  skips?: boolean | undefined
}

/** Clocks of storage and app may differ, and a listing may be a little old: this much is looked at twice, in ms. */
const overlapMs = 5 * 60_000

/** Whether a sweep stopped before its end. Pure. */
export function isUnderWay({ startedAtMs }: SweepCursor): boolean {
  return startedAtMs !== undefined
}

/**
 * Which blobs of a page are due, and the cursor after it: a complete sweep moves the watermark to its own beginning, but
 * never past a blob that it missed. A recent sweep that comes to a model's old days goes on behind them. Pure.
 */
export function nextSweep(
  cursor: SweepCursor,
  page: { items: readonly LandedBlob[]; next?: string | undefined },
  { name, nowMs }: { name: SweepName; nowMs: number },
): { due: LandedBlob[]; cursor: SweepCursor } {
  const { startedAtMs = nowMs, sinceAtMs, missedAtMs, skips } = cursor
  const fromMs = (sinceAtMs ?? 0) - overlapMs
  const due = page.items.filter((blob) => blob.lastModifiedMs >= fromMs)
  const kept = skips === undefined ? {} : { skips }
  if (page.next === undefined)
    return { due, cursor: { sinceAtMs: earliest(startedAtMs, missedAtMs), ...kept } }
  const from = name === 'recent' ? afterOldDays(page.items.at(-1)?.name ?? '', fromMs) : undefined
  const place = from === undefined ? { next: page.next, ...kept } : { from, skips: true }
  return { due, cursor: { ...place, startedAtMs, sinceAtMs, missedAtMs } }
}

/** The cursor of a sweep that ran out of time before this blob of the page that `cursor` asked for. Pure. */
export function stoppedBefore(cursor: SweepCursor, blob: LandedBlob, nowMs: number): SweepCursor {
  const { next: _next, startedAtMs = nowMs, ...kept } = cursor
  return { ...kept, startedAtMs, from: blob.name }
}

/** The cursor when some of the page's due blobs could not be taken: the next sweep takes them again. Pure. */
export function afterMissing(cursor: SweepCursor, missed: readonly LandedBlob[]): SweepCursor {
  if (missed.length === 0) return cursor
  const missedAtMs = earliest(...missed.map((blob) => blob.lastModifiedMs), cursor.missedAtMs)
  if (isUnderWay(cursor)) return { ...cursor, missedAtMs }
  return { ...cursor, sinceAtMs: earliest(missedAtMs, cursor.sinceAtMs) }
}

function earliest(...timesMs: (number | undefined)[]): number {
  return Math.min(...timesMs.filter((timeMs) => timeMs !== undefined))
}
