import { type BuryMessagePorts, buryUnknown, type ReceivedMessage } from './buryMessage.ts'
import { type CheckEndpointPorts, checkEndpoint } from './checkEndpoint.ts'
import { type InstallModelPorts, installModel } from './installModel.ts'
import { type MeasureRunPorts, measureRun } from './measureRun.ts'
import type { UpdateMessage } from './messages.ts'
import type { DeadLetters, SettingsStore } from './stores.ts'

/** What working off a message of `endpoint-updates` needs. */
export type UpdateEndpointPorts = InstallModelPorts &
  CheckEndpointPorts &
  MeasureRunPorts &
  DeadLetters &
  BuryMessagePorts &
  Pick<SettingsStore, 'readSettings'> & { decodeUpdateMessage(body: unknown): UpdateMessage | undefined }

/** Installs a run's model on its endpoint, checks that the endpoint answers with it, or scores it on the holdout. Throws what storage throws: the host tries again. */
export async function updateEndpoint(ports: UpdateEndpointPorts, received: ReceivedMessage): Promise<void> {
  const message = ports.decodeUpdateMessage(received.body)
  if (message === undefined) return buryUnknown(ports, 'endpoint-updates', received)
  const { settings, stored } = await readBoth(ports, message)
  if (settings === undefined || stored === undefined) return buryOrphan(ports, received, message)
  const run = stored.value
  switch (message.kind) {
    case 'update':
      return installModel(ports, settings, stored, message.again === true)
    case 'check':
      if (run.update?.check?.token !== message.token) return
      return checkEndpoint(ports, settings, run)
    case 'measure':
      return measureRun(ports, settings, run)
  }
}

async function readBoth(ports: UpdateEndpointPorts, message: UpdateMessage) {
  const [settings, stored] = await Promise.all([ports.readSettings(message), ports.readRun(message)])
  return { settings, stored }
}

async function buryOrphan(
  ports: UpdateEndpointPorts,
  received: ReceivedMessage,
  { customerId, model, generation }: UpdateMessage,
): Promise<void> {
  const reason = 'there is no such run, or its model has no settings any more'
  const letter = { source: 'endpoint-updates', id: received.id, reason, body: JSON.stringify(received.body) }
  await ports.recordDeadLetter({ ...letter, key: { customerId, model, generation }, atMs: ports.now() })
}
