import { type BuryMessagePorts, buryUnknown, type ReceivedMessage } from './buryMessage.ts'
import { type DeliverPorts, deliver } from './deliver.ts'
import type { WebhookMessage } from './messages.ts'
import { type TellPorts, tell } from './tell.ts'

/** What working off a message of `webhooks` needs. */
export type WorkWebhooksPorts = TellPorts &
  DeliverPorts &
  BuryMessagePorts & { decodeWebhookMessage(body: unknown): WebhookMessage | undefined }

/** Tells what happened to a model, or sends one event. Throws what storage throws: the host tries again. */
export async function workWebhooks(ports: WorkWebhooksPorts, received: ReceivedMessage): Promise<void> {
  const message = ports.decodeWebhookMessage(received.body)
  if (message === undefined) return buryUnknown(ports, 'webhooks', received)
  if (message.kind === 'send') return deliver(ports, message)
  const { customerId, model } = message
  return tell(ports, { customerId, model })
}
