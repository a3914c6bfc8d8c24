import type { LandedBlob } from './drop.ts'

/**
 * Where the sweep over landed blobs stands: `next` while one is under way, begun at `startedAtMs`; blobs modified before
 * `sinceMs` were seen by the last complete one.
 */
export type SweepCursor = {
  next?: string | undefined
  startedAtMs?: number | undefined
  sinceAtMs?: number | undefined
}

/** Clocks of storage and app may differ, and a listing may be a little old: this much is looked at twice, in ms. */
const overlapMs = 5 * 60_000

/** Which blobs of a page are due, and the cursor after it: a complete sweep moves the watermark to its own beginning. Pure. */
export function nextSweep(
  cursor: SweepCursor,
  page: { items: readonly LandedBlob[]; next?: string | undefined },
  nowMs: number,
): { due: LandedBlob[]; cursor: SweepCursor } {
  const startedAtMs = cursor.next === undefined ? nowMs : (cursor.startedAtMs ?? nowMs)
  const fromMs = (cursor.sinceAtMs ?? 0) - overlapMs
  const due = page.items.filter((blob) => blob.lastModifiedMs >= fromMs)
  if (page.next === undefined) return { due, cursor: { sinceAtMs: startedAtMs } }
  return { due, cursor: { next: page.next, startedAtMs, sinceAtMs: cursor.sinceAtMs } }
}
