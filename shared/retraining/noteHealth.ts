import { RetryableError } from './errors.ts'
import { type GrantSlotsPorts, grantSlots } from './grantSlots.ts'
import type { Run } from './run.ts'
import { isSame } from './same.ts'
import {
  afterFailure,
  afterSuccess,
  healthy,
  pausedHealth,
  type ServiceHealth,
  type TroubleCause,
} from './serviceHealth.ts'
import type { Clock, Log, SettingsStore, SlotStore } from './stores.ts'

/** What keeping a training service's health needs. */
export type NoteHealthPorts = Pick<SlotStore, 'readSlots' | 'writeHealth'> &
  Pick<Clock, 'now'> & { log: Log; retrySeconds: number }

/** A service is paused for so many times `retrySeconds`, at first. */
const pauseTimes = 10

const mostTries = 8

/** A failure that is the service's: answers whether the service is paused now. `reason` is redacted. */
export function noteFailure(
  ports: NoteHealthPorts,
  run: Pick<Run, 'trainingService' | 'customerId'>,
  failed: { cause: TroubleCause; reason: string },
): Promise<boolean> {
  const nowMs = ports.now()
  const failure = { customerId: run.customerId, cause: failed.cause, atMs: nowMs }
  return change(ports, run.trainingService, (health) =>
    afterFailure(health, failure, { reason: failed.reason, firstMs: firstMs(ports) }),
  )
}

/** The service refuses our key for good, or so it seems: pauses it. */
export async function pauseService(ports: NoteHealthPorts, service: string, reason: string): Promise<void> {
  const nowMs = ports.now()
  const why = { reason, cause: 'calls', firstMs: firstMs(ports) } as const
  await change(ports, service, (health) => pausedHealth(health, why, nowMs))
}

function firstMs({ retrySeconds }: NoteHealthPorts): number {
  return pauseTimes * retrySeconds * 1000
}

/** Something went well: ends the row of failures, and a pause, after which all that waits may start. */
export async function noteSuccess(
  ports: NoteHealthPorts & GrantSlotsPorts & Pick<SettingsStore, 'readTrainingService'>,
  service: string,
  cause: TroubleCause,
): Promise<void> {
  const nowMs = ports.now()
  const isPaused = await change(ports, service, (health) => afterSuccess(health, cause, nowMs))
  const settings = isPaused ? undefined : await ports.readTrainingService(service)
  if (settings !== undefined) await grantSlots(ports, settings)
}

/** Swaps the service's health; answers whether it is paused then. */
async function change(
  ports: NoteHealthPorts,
  service: string,
  decide: (health: ServiceHealth) => ServiceHealth,
): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries++) {
    const { health } = await ports.readSlots(service)
    const before = health?.value ?? healthy
    const value = decide(before)
    if (isSame(value, before)) return value.paused !== undefined
    if ((await ports.writeHealth(service, { value, etag: health?.etag })) === 'conflict') continue
    if (value.paused !== undefined && before.paused === undefined) {
      ports.log.error({ service }, `service paused: ${value.paused.reason}`)
    }
    if (value.paused === undefined && before.paused !== undefined)
      ports.log.info({ service }, 'service resumed')
    return value.paused !== undefined
  }
  throw new RetryableError(`Cannot note how the service ${service} does: others change it all the time`)
}
