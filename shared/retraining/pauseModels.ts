import { concurrently } from './concurrently.ts'
import type { Asked } from './head.ts'
import type { PauseStore } from './hold.ts'
import type { ModelKey } from './names.ts'
import { type RequestStartPorts, requestStartIfPending } from './requestStart.ts'
import type { DropStore, Log } from './stores.ts'
import { swapHead } from './swap.ts'
import { textOf } from './trouble.ts'

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

/** Ends such a pause. What waits starts at once for the models named. */
export async function resumeAll(
  ports: PausePorts,
  customerId: string | undefined,
  models: readonly ModelKey[],
): Promise<PauseOutcome> {
  const removed = await ports.removePause(customerId)
  for (const key of models) await requestStartIfPending(ports, key)
  return removed === 'removed' ? 'changed' : 'unchanged'
}

/** What resuming the fleet needs. */
export type ResumeWholeFleetPorts = PausePorts & {
  listModels(next: string | undefined): Promise<{ items: ModelKey[]; next?: string | undefined }>
}

const fleetSeconds = 20
const atOnce = 16

/**
 * Ends the fleet's pause and starts what waits, model after model as far as twenty seconds reach: thousands of them. The rest
 * starts with reconcile's next walk, as does a model whose rows can't be read now.
 */
export async function resumeWholeFleet(ports: ResumeWholeFleetPorts): Promise<PauseOutcome> {
  const endsAtMs = ports.now() + fleetSeconds * 1000
  const outcome = await resumeAll(ports, undefined, [])
  let next: string | undefined
  do {
    const page = await ports.listModels(next)
    await concurrently(page.items, atOnce, async ({ customerId, model }) => {
      if (ports.now() < endsAtMs) await startOne(ports, { customerId, model })
    })
    next = page.next
  } while (next !== undefined && ports.now() < endsAtMs)
  return outcome
}

async function startOne(ports: PausePorts, key: ModelKey): Promise<void> {
  try {
    await requestStartIfPending(ports, key)
  } catch (error) {
    ports.log.warn({ ...key }, ports.redact(`started later: ${textOf(error)}`))
  }
}

/** Ends a quarantine by hand: the row of failures is forgotten, and what waits starts. */
export async function releaseModel(ports: PausePorts, key: ModelKey): Promise<PauseOutcome> {
  const swapped = await swapHead(ports, key, (head) =>
    head.breaker === undefined ? undefined : { ...head, breaker: undefined },
  )
  await requestStartIfPending(ports, key)
  return swapped === undefined ? 'unchanged' : 'changed'
}
