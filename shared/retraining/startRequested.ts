import { type BuryMessagePorts, buryUnknown, type ReceivedMessage } from './buryMessage.ts'
import { grantSlots } from './grantSlots.ts'
import type { StartMessage } from './messages.ts'
import { type StartRetrainingPorts, startRetraining } from './startRetraining.ts'

/** What working off a message of `start-requests` needs. */
export type StartRequestedPorts = StartRetrainingPorts &
  BuryMessagePorts & { decodeStartMessage(body: unknown): StartMessage | undefined }

/** Starts what a message of `start-requests` asks for. Throws what storage throws: the host tries again. */
export async function startRequested(ports: StartRequestedPorts, received: ReceivedMessage): Promise<void> {
  const message = ports.decodeStartMessage(received.body)
  if (message === undefined) return buryUnknown(ports, 'start-requests', received)
  const { customerId, model, service } = message
  if (service === undefined) return startRetraining(ports, { customerId, model })
  const settings = await ports.readTrainingService(service)
  if (settings !== undefined) await grantSlots(ports, settings)
}
