import { ids, type RunKey } from './names.ts'
import type { Clock, StagingStore } from './stores.ts'

/** A model in the archive: the name of its blob, the checksum, and where an endpoint says it is; never with a SAS. */
export type StagedModel = { name: string; sha256: string; baseLocation: string; relativeLocation: string }

/**
 * The last PATCH that was sent to a staging endpoint, noted before it goes: by `id`, with the name of the model in the archive
 * and what the endpoint answered `before` to which `rows`, as fingerprints.
 */
export type StagingPatch = {
  id: string
  name: string
  rows: string
  /** Absent where the endpoint answered with the same bytes under another name. */
  before?: string | undefined
  /** Until when it may take effect; absent once it was answered. */
  unsureUntilMs?: number | undefined
  /** Until when the endpoint must answer with the model, from the first PATCH that was answered. */
  deadlineAtMs?: number | undefined
}

/**
 * Who has a staging endpoint, and until when; `owner` is empty once it was given back. `seen`: as long as the endpoint names
 * this model it answers with it.
 */
export type StagingClaim = RunKey & {
  owner: string
  untilAtMs: number
  seen?: StagedModel | undefined
  patch?: StagingPatch | undefined
}

/** What claiming a staging endpoint needs. */
export type StagingPorts = StagingStore & Pick<Clock, 'now'>

/** `busy`: somebody else has it, or a PATCH, also one of its own, may still take effect. */
export type StagingDecision = { kind: 'claimed'; claim: StagingClaim } | { kind: 'busy'; untilMs: number }

/** Longer than any invocation and a PATCH that it sent at its end may take, in ms. */
export const leaseMs = 10 * 60_000
const mostTries = 5

/** Decides whether a run may have the staging endpoint: it is free or its own, and no PATCH is under way. Pure. */
export function decideStaging(
  found: StagingClaim | undefined,
  { owner, ...run }: RunKey & { owner: string },
  nowMs: number,
): StagingDecision {
  const isOwn = found?.owner === owner
  const isTaken = found !== undefined && found.owner !== '' && !isOwn
  const untilMs = Math.max(isTaken ? found.untilAtMs : 0, found?.patch?.unsureUntilMs ?? 0)
  if (untilMs > nowMs) return { kind: 'busy', untilMs }
  const patch = isOwn ? found.patch : found?.patch && { ...found.patch, deadlineAtMs: undefined }
  const claim = { ...ids(run), owner, untilAtMs: nowMs + leaseMs, seen: found?.seen, patch }
  return { kind: 'claimed', claim }
}

/** Claims the staging endpoint for ten minutes, or longer where it is claimed already. A crash frees it by time. */
export async function claimStaging(
  ports: StagingPorts,
  url: string,
  taker: RunKey & { owner: string },
): Promise<StagingDecision> {
  const nowMs = ports.now()
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await ports.readStaging(url)
    const decision = decideStaging(found?.value, taker, nowMs)
    if (decision.kind === 'busy') return decision
    const change = { value: decision.claim, etag: found?.etag }
    if ((await ports.writeStaging(url, change)) === 'committed') return decision
  }
  return { kind: 'busy', untilMs: nowMs }
}

/**
 * Notes a PATCH that is about to be sent. `false`: it must not be, as somebody else sent one, or took the endpoint, since
 * the claim was made.
 */
export function notePatch(
  ports: StagingPorts,
  url: string,
  claim: StagingClaim,
  noted: { patch: StagingPatch; seen: StagedModel | undefined },
): Promise<boolean> {
  return swapStaging(ports, url, (found) => {
    if (found.patch?.id === noted.patch.id) return found
    return holds(found, claim) ? { ...found, ...noted } : undefined
  })
}

/** Notes how a PATCH ended, unless there was another one since. */
export async function settlePatch(ports: StagingPorts, url: string, patch: StagingPatch): Promise<void> {
  await swapStaging(ports, url, (found) => (found.patch?.id === patch.id ? { ...found, patch } : undefined))
}

/** Notes that the endpoint answers with the model, if no PATCH was sent and nobody else took it since the claim was made. */
export function confirmStaging(
  ports: StagingPorts,
  url: string,
  claim: StagingClaim,
  seen: StagedModel,
): Promise<boolean> {
  return swapStaging(ports, url, (found) => {
    if (!holds(found, claim)) return undefined
    return found.seen?.name === seen.name ? found : { ...found, seen }
  })
}

/** Of who had it last nothing stays. */
const nobody = { customerId: '', model: '', generation: 0, owner: '' }

/** Others may have it from now on, once no PATCH is under way. */
export async function giveBackStaging(ports: StagingPorts, url: string, owner: string): Promise<void> {
  await swapStaging(ports, url, (found) => (found.owner === owner ? { ...found, ...nobody } : undefined))
}

function holds(found: StagingClaim, { owner, patch }: StagingClaim): boolean {
  return found.owner === owner && found.patch?.id === patch?.id
}

/** Answers whether the row is as decided; `decide` answers undefined when that no longer applies. */
async function swapStaging(
  ports: StagingPorts,
  url: string,
  decide: (found: StagingClaim) => StagingClaim | undefined,
): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await ports.readStaging(url)
    const value = found && decide(found.value)
    if (found === undefined || value === undefined) return false
    if (value === found.value) return true
    if ((await ports.writeStaging(url, { value, etag: found.etag })) === 'committed') return true
  }
  return false
}
