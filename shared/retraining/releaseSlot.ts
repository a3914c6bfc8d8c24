import { type GrantSlotsPorts, grantSlots } from './grantSlots.ts'
import type { Run } from './run.ts'
import type { ServiceHealth } from './serviceHealth.ts'
import type { SettingsStore } from './stores.ts'

/** What giving a slot back needs. */
export type ReleaseSlotPorts = GrantSlotsPorts & Pick<SettingsStore, 'readTrainingService'>

/**
 * Gives a run's slot back and starts the run that waits longest. To be called once the run's job is over, or when the run
 * no longer names the slot: nothing else frees it. Doing it again changes nothing. Answers how the service does, where there
 * is anything to say.
 */
export async function releaseSlot(
  ports: ReleaseSlotPorts,
  run: Pick<Run, 'slot' | 'trainingService'>,
): Promise<ServiceHealth | undefined> {
  if (run.slot === undefined) return undefined
  const { health } = await ports.freeSlot(run.trainingService, run.slot)
  const line = await ports.listWaiting(run.trainingService, undefined)
  if (line.items.length === 0) return health?.value
  const service = await ports.readTrainingService(run.trainingService)
  if (service !== undefined) await grantSlots(ports, service)
  return health?.value
}
