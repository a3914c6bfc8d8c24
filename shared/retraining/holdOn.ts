import type { Drop } from './drop.ts'
import type { Head } from './head.ts'
import { type Hold, holdOf, type PauseStore } from './hold.ts'
import type { ModelSettings } from './settings.ts'
import type { Clock } from './stores.ts'

/** What looking for a hold needs. */
export type HoldPorts = Pick<PauseStore, 'readPauses'> & Pick<Clock, 'now'>

/** What keeps these waiting drops from starting now, with the pauses of their customer and of the fleet. */
export async function holdOn(
  ports: HoldPorts,
  settings: ModelSettings,
  head: Head,
  pending: readonly Drop[],
): Promise<Hold | undefined> {
  const pauses = await ports.readPauses(settings.customerId)
  const times = pending.map((drop) => drop.acceptedAtMs)
  const newestAcceptedAtMs =
    times.length === 0 ? undefined : Math.max(...times.slice(0, 1), ...times.slice(-1))
  return holdOf(head, settings, pauses, { newestAcceptedAtMs, nowMs: ports.now() })
}
