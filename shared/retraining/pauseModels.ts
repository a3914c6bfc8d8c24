import type { Asked } from './head.ts'
import type { PauseStore } from './hold.ts'
import type { ModelKey } from './names.ts'
import { type RequestStartPorts, requestStartIfPending } from './requestStart.ts'
import type { DropStore, Log } from './stores.ts'
import { swapHead } from './swap.ts'

/** What pausing needs. */
export type PausePorts = RequestStartPorts &
  Pick<DropStore, 'hasPending'> &
  Pick<PauseStore, 'putPause' | 'removePause'> & { log: Log; redact(text: string): string }

/** Whether anything changed. */
export type PauseOutcome = 'changed' | 'unchanged'

/** Pauses one model: drops are accepted and wait, no generation opens; a run in flight goes on to its end. */
export async function pauseModel(ports: PausePorts, key: ModelKey, asked: Asked): Promise<PauseOutcome> {
  const paused = { by: asked.by, reason: ports.redact(asked.reason), atMs: ports.now() }
  const swapped = await swapHead(ports, key, (head) =>
    head.paused === undefined ? { ...head, paused } : undefined,
  )
  if (swapped === undefined) return 'unchanged'
  ports.log.warn({ customerId: key.customerId, model: key.model }, `paused by ${asked.by}: ${paused.reason}`)
  return 'changed'
}

/** Ends a model's pause and starts what waits. */
export async function resumeModel(ports: PausePorts, key: ModelKey): Promise<PauseOutcome> {
  const swapped = await swapHead(ports, key, (head) =>
    head.paused === undefined ? undefined : { ...head, paused: undefined },
  )
  await requestStartIfPending(ports, key)
  return swapped === undefined ? 'unchanged' : 'changed'
}

/** Pauses all models of a customer or, without one, of the fleet: as {@link pauseModel}. */
export async function pauseAll(
  ports: PausePorts,
  customerId: string | undefined,
  asked: Asked,
): Promise<void> {
  const reason = ports.redact(asked.reason)
  await ports.putPause({ by: asked.by, reason, atMs: ports.now(), customerId })
  ports.log.warn(
    { customerId },
    `${customerId === undefined ? 'fleet' : 'customer'} paused by ${asked.by}: ${reason}`,
  )
}

/** Ends such a pause. What waits starts at once for the models named, for others with reconcile's next walk. */
export async function resumeAll(
  ports: PausePorts,
  customerId: string | undefined,
  models: readonly ModelKey[],
): Promise<PauseOutcome> {
  const removed = await ports.removePause(customerId)
  for (const key of models) await requestStartIfPending(ports, key)
  return removed === 'removed' ? 'changed' : 'unchanged'
}

/** Ends a quarantine by hand: the row of failures is forgotten, and what waits starts. */
export async function releaseModel(ports: PausePorts, key: ModelKey): Promise<PauseOutcome> {
  const swapped = await swapHead(ports, key, (head) =>
    head.breaker === undefined ? undefined : { ...head, breaker: undefined },
  )
  await requestStartIfPending(ports, key)
  return swapped === undefined ? 'unchanged' : 'changed'
}
