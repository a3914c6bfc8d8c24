/** What was erased, by kind: `rows of models`, `blobs of training-data`, `messages`, `secrets`, `audit entries`. */
export type ErasedCounts = Readonly<Record<string, number>>

/** How far an erasure is; kept under the customer's pseudonym, so that the next call goes on. */
export type Erasure = {
  startedAtMs: number
  /** The place in the list of everything; a round begins anew until one finds nothing. */
  step: number
  next?: string | undefined
  counts: ErasedCounts
  foundInRound: number
}

/** What stays of a customer: who erased it, why, when and how much, without its name. */
export type Receipt = {
  v: 1
  /** The pseudonym: `erased-` and the beginning of the SHA-256 of the id, which shows whose it is to who knows the id. */
  customer: string
  startedAtMs: number
  erasedAtMs: number
  by: string
  counts: ErasedCounts
  /** SHA-256 of everything above. */
  hash: string
}

/** A new erasure. Pure. */
export function newErasure(nowMs: number): Erasure {
  return { startedAtMs: nowMs, step: 0, counts: {}, foundInRound: 0 }
}

/** The next page, the next place, or the first place again as long as a round found something. Pure. */
export function nextPlace(
  at: Erasure,
  page: { count: number; next?: string | undefined },
  steps: number,
): Erasure {
  const foundInRound = at.foundInRound + page.count
  if (page.next !== undefined) return { ...at, foundInRound, next: page.next }
  if (at.step + 1 < steps) return { ...at, foundInRound, step: at.step + 1, next: undefined }
  const step = foundInRound > 0 ? 0 : steps
  return { ...at, step, foundInRound: 0, next: undefined }
}

/** Counts what was erased. Pure. */
export function addErased(erasure: Erasure, kind: string, count: number): Erasure {
  if (count === 0) return erasure
  return { ...erasure, counts: { ...erasure.counts, [kind]: (erasure.counts[kind] ?? 0) + count } }
}
