import type { Drop } from './drop.ts'
import { RetryableError } from './errors.ts'
import { emptyHead } from './head.ts'
import type { ModelKey } from './names.ts'
import { type RequestStartPorts, requestStartIfPending } from './requestStart.ts'
import type { DropStore, ExclusionStore, Log, RunStore } from './stores.ts'

/** What leaving a drop out, or taking it in again, needs. */
export type ExcludeDropPorts = ExclusionStore &
  RequestStartPorts &
  Pick<RunStore, 'readHead'> &
  Pick<DropStore, 'hasPending'> & { log: Log; redact(text: string): string }

/** What became of it; `unchanged` when it was so already, or never could be otherwise. */
export type Exclusion = 'changed' | 'unchanged' | 'unknown'

const mostTries = 8

/**
 * Leaves a drop out of every set that is not opened yet: one that waits waits no longer, one that a generation took stays in
 * that one and is not joined again. `reason` is redacted here. Doing it again changes nothing.
 */
export function excludeDrop(
  ports: ExcludeDropPorts,
  key: ModelKey,
  dropId: string,
  reason: string,
): Promise<Exclusion> {
  const text = ports.redact(reason)
  return changeDrop(ports, key, dropId, (drop) =>
    drop.state === 'pending' || drop.state === 'taken'
      ? { ...drop, state: 'excluded', excludedFor: text }
      : undefined,
  )
}

/** Takes an excluded drop in again: one that no generation took waits anew, another may be joined by later sets. */
export async function includeDrop(
  ports: ExcludeDropPorts,
  key: ModelKey,
  dropId: string,
): Promise<Exclusion> {
  const outcome = await changeDrop(ports, key, dropId, (drop) =>
    drop.state === 'excluded'
      ? { ...drop, state: drop.generation === undefined ? 'pending' : 'taken', excludedFor: undefined }
      : undefined,
  )
  await requestStartIfPending(ports, key)
  return outcome
}

/**
 * Swaps the drop together with the head, though that stays the same: a generation that is being opened at this moment
 * with the drop in it is not committed then, or the drop is not changed.
 */
async function changeDrop(
  ports: ExcludeDropPorts,
  key: ModelKey,
  dropId: string,
  decide: (drop: Drop) => Drop | undefined,
): Promise<Exclusion> {
  for (let tries = 0; tries < mostTries; tries++) {
    const head = await ports.readHead(key)
    const before = await ports.readDrop(key, dropId)
    if (before === undefined) return 'unknown'
    const after = decide(before.value)
    if (after === undefined) return 'unchanged'
    if (before.value.state === 'pending' && head?.value.marksOf !== undefined) break
    const held = { value: head?.value ?? emptyHead, etag: head?.etag }
    if ((await ports.swapDrop(key, { before, after, head: held })) === 'conflict') continue
    const { customerId, model } = key
    ports.log.warn(
      { customerId, model, drop: after.name },
      `drop ${after.state}: ${after.excludedFor ?? 'taken in again'}`,
    )
    return 'changed'
  }
  throw new RetryableError(`Cannot change drop ${dropId}: its model's next generation is being opened`)
}
