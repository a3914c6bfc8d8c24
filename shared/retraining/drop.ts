/** What is known of a training-data blob without reading it; `etag` is unquoted. */
export type LandedBlob = {
  name: string
  etag: string
  sizeBytes: number
  /** Base64 MD5 of the content where the storage service has one. */
  md5?: string | undefined
  lastModifiedMs: number
}

/**
 * A drop, one version of one training-data blob. `pending`: waits for a generation; `taken`: named in the manifest of
 * `generation`; `unchanged`: the same content as the version before, no job; `excluded`: left out of later sets, by an
 * operator or because a failed job named it; it keeps the generation that took it.
 */
export type Drop = {
  /** Hash of name and ETag: the drop's key. */
  id: string
  name: string
  etag: string
  sizeBytes: number
  md5?: string | undefined
  lastModifiedAtMs: number
  acceptedAtMs: number
  state: 'pending' | 'taken' | 'unchanged' | 'excluded'
  generation?: number | undefined
  /** What its generation did with it; absent before. */
  use?: DropUse | undefined
  reason?: string | undefined
  /** Why it is excluded. */
  excludedFor?: string | undefined
}

/** What a generation did with a drop: only `trained` and `spare` have a copy in `training-sets`. */
export type DropUse = 'trained' | 'spare' | 'overwritten' | 'refused'

/** What a landed blob is beside the versions of the same name that are recorded already. */
export type DropKind = 'known' | 'unchanged' | 'new'

/**
 * Compares a landed blob with the recorded versions of its name. `unchanged` only when the version before was copied by a
 * generation (or is unchanged itself): the content of a waiting drop could still be lost by this very overwriting. Pure.
 */
export function classifyDrop(blob: LandedBlob, versions: readonly Drop[]): DropKind {
  if (versions.some((version) => version.etag === blob.etag)) return 'known'
  const before = versions.reduce<Drop | undefined>(
    (latest, version) => (latest === undefined || isLater(version, latest) ? version : latest),
    undefined,
  )
  if (before === undefined || before.md5 === undefined || before.md5 !== blob.md5) return 'new'
  const kept = before.state === 'unchanged' || before.use === 'trained' || before.use === 'spare'
  return kept && before.sizeBytes === blob.sizeBytes ? 'unchanged' : 'new'
}

function isLater(one: Drop, other: Drop): boolean {
  if (one.lastModifiedAtMs !== other.lastModifiedAtMs) return one.lastModifiedAtMs > other.lastModifiedAtMs
  return one.acceptedAtMs >= other.acceptedAtMs
}
