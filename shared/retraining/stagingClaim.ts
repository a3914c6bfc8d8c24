import { ids, type RunKey } from './names.ts'
import type { Clock, StagingStore, Stored } from './stores.ts'

/** Who has a staging endpoint, until when, and which model it was given last. `owner` is empty once it was given back. */
export type StagingClaim = RunKey & { owner: string; untilAtMs: number; sha256?: string | undefined }

/** What claiming a staging endpoint needs. */
export type StagingPorts = StagingStore & Pick<Clock, 'now'>

/**
 * `claimed`: `isNew` when somebody else may have used it since this owner last did; `holds` is the checksum of the model that
 * it was given last.
 */
export type StagingDecision =
  | { kind: 'claimed'; isNew: boolean; holds: string | undefined }
  | { kind: 'busy'; untilMs: number }

/** Longer than any invocation may take, in ms. */
const leaseMs = 10 * 60_000
const mostTries = 5

/** Decides whether an owner may have the staging endpoint: it is free, its claim ran out, or it has it already. Pure. */
export function decideStaging(
  found: StagingClaim | undefined,
  owner: string,
  nowMs: number,
): StagingDecision {
  const isOwn = found?.owner === owner
  const isTaken = found !== undefined && found.owner !== '' && found.untilAtMs > nowMs
  if (isTaken && !isOwn) return { kind: 'busy', untilMs: found.untilAtMs }
  return { kind: 'claimed', isNew: !isOwn, holds: found?.sha256 }
}

/** Claims the staging endpoint for ten minutes, or longer where it is claimed already. A crash frees it by time. */
export async function claimStaging(
  ports: StagingPorts,
  url: string,
  { owner, ...run }: RunKey & { owner: string },
): Promise<StagingDecision> {
  const nowMs = ports.now()
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await ports.readStaging(url)
    const decision = decideStaging(found?.value, owner, nowMs)
    if (decision.kind === 'busy') return decision
    const value = { ...ids(run), owner, untilAtMs: nowMs + leaseMs, sha256: decision.holds }
    if ((await ports.writeStaging(url, change(found, value))) === 'committed') return decision
  }
  return { kind: 'busy', untilMs: nowMs }
}

/** Of who had it last nothing stays. */
const nobody = { customerId: '', model: '', generation: 0, owner: '' }

/** Says which model the staging endpoint is about to be given; with `gives: 'back'` others may have it from now on. */
export async function noteStaging(
  ports: StagingPorts,
  url: string,
  { owner, ...note }: { owner: string; sha256?: string | undefined; gives?: 'back' },
): Promise<void> {
  const found = await ports.readStaging(url)
  if (found === undefined || found.value.owner !== owner) return
  const noted = { ...found.value, sha256: note.sha256 }
  const value = note.gives === 'back' ? { ...noted, ...nobody } : noted
  await ports.writeStaging(url, change(found, value))
}

function change(found: Stored<StagingClaim> | undefined, value: StagingClaim) {
  return { value, etag: found?.etag }
}
