import { TerminalError } from './errors.ts'
import type { GrantSlotsPorts } from './grantSlots.ts'
import { type NoteHealthPorts, noteSuccess } from './noteHealth.ts'
import type { SettingsStore } from './stores.ts'

/** What resuming a service needs. */
export type ResumeServicePorts = NoteHealthPorts &
  GrantSlotsPorts &
  Pick<SettingsStore, 'readTrainingService'>

/**
 * An operator's word that a paused training service is in order again: its runs start at once. Doing it again changes
 * nothing. Throws TerminalError when there is no such service.
 */
export async function resumeService(ports: ResumeServicePorts, service: string): Promise<void> {
  if ((await ports.readTrainingService(service)) === undefined) {
    throw new TerminalError(`Cannot resume the service: no training service is called ${service}`)
  }
  await noteSuccess(ports, service, 'jobs')
}
