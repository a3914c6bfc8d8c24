import type { Drop, DropUse } from './drop.ts'
import type { RunKey } from './names.ts'

/** A drop as it stands in a manifest; `copy` names the immutable blob in `training-sets` where there is one. */
export type ManifestDrop = {
  id: string
  name: string
  etag: string
  sizeBytes: number
  md5?: string | undefined
  lastModifiedAtMs: number
  acceptedAtMs: number
  use: DropUse
  reason?: string | undefined
  copy?: string | undefined
  /** Of the copied content, in hex; absent in manifests of earlier versions. */
  sha256?: string | undefined
}

/** What one generation trains on: written once, before the run's row that names it. */
export type Manifest = RunKey & {
  v: 1
  openedAtMs: number
  /** The generation's own drops: each is in exactly one generation. */
  drops: ManifestDrop[]
  /** `append`: copies of earlier generations' drops that are used again, oldest first. */
  earlier: { id: string; generation: number; copy: string; sizeBytes: number }[]
  /** `append`: copies that would be used again but are excluded; taken in again, they are joined by the next set. */
  leftOut?: { id: string; generation: number; copy: string; sizeBytes: number }[] | undefined
  /** The one blob in `training-sets` that the job reads; absent when there is nothing to train on. */
  input?: TrainingInput | undefined
}

/** The job's input: one immutable blob. */
export type TrainingInput = { name: string; sizeBytes: number }

/** The drop a `latest` generation trained on last: the next one must be newer. */
export type Watermark = { lastModifiedAtMs: number; name: string }

/** How an attempt to copy a drop ended. */
export type CopyOutcome =
  | { kind: 'copied'; copy: string; sha256?: string | undefined }
  | { kind: 'overwritten' }
  | { kind: 'refused'; reason: string }

/** What a generation is made of: its drops with their use, and the input or why there is none. */
export type GenerationPlan = {
  drops: ManifestDrop[]
  earlier?: Manifest['earlier']
  leftOut?: Manifest['leftOut']
  input?: TrainingInput
  newest?: Watermark
  reason?: string
}

/** Newest by LastModified, then by name. */
export function isNewer(one: Watermark, other: Watermark | undefined): boolean {
  if (other === undefined || one.lastModifiedAtMs !== other.lastModifiedAtMs) {
    return other === undefined || one.lastModifiedAtMs > other.lastModifiedAtMs
  }
  return one.name > other.name
}

/**
 * Chooses what a `latest` generation trains on: the newest of its copied drops, unless an earlier generation trained on
 * a newer one: LastModified has whole seconds, so that a drop of the same second still counts. Pure; `outcomes[i]` is how copying `drops[i]` ended.
 */
export function planLatest(
  drops: readonly Drop[],
  outcomes: readonly CopyOutcome[],
  trainedOn: Watermark | undefined,
): GenerationPlan {
  const listed = drops.map((drop, index) => manifestDrop(drop, outcomes[index] ?? { kind: 'overwritten' }))
  const newest = listed
    .filter((drop) => drop.copy !== undefined)
    .reduce<ManifestDrop | undefined>((best, drop) => (isNewer(drop, best) ? drop : best), undefined)
  if (newest?.copy === undefined) return { drops: listed, reason: emptyReason(listed) }
  if (trainedOn !== undefined && newest.lastModifiedAtMs < trainedOn.lastModifiedAtMs) {
    return { drops: listed, reason: `an earlier generation trained on a newer drop: ${trainedOn?.name}` }
  }
  newest.use = 'trained'
  return {
    drops: listed,
    input: { name: newest.copy, sizeBytes: newest.sizeBytes },
    newest: { lastModifiedAtMs: newest.lastModifiedAtMs, name: newest.name },
  }
}

/** A drop's line in the manifest, from how copying it ended; a copied one is `spare` until it is chosen. */
export function manifestDrop(drop: Drop, outcome: CopyOutcome): ManifestDrop {
  const { id, name, etag, sizeBytes, md5, lastModifiedAtMs, acceptedAtMs } = drop
  const facts = { id, name, etag, sizeBytes, md5, lastModifiedAtMs, acceptedAtMs }
  switch (outcome.kind) {
    case 'copied':
      return { ...facts, use: 'spare', copy: outcome.copy, sha256: outcome.sha256 }
    case 'overwritten':
      return { ...facts, use: 'overwritten', reason: 'overwritten, not trained on' }
    case 'refused':
      return { ...facts, use: 'refused', reason: outcome.reason }
  }
}

function emptyReason(drops: readonly ManifestDrop[]): string {
  const refused = drops.find((drop) => drop.use === 'refused')
  if (refused !== undefined) return `${refused.name} was refused: ${refused.reason}`
  return 'every drop was overwritten before it could be copied'
}
