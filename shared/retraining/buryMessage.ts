import type { ModelKey } from './names.ts'
import type { Clock, DeadLetters, Log } from './stores.ts'

/** What burying a message needs. */
export type BuryMessagePorts = DeadLetters & Pick<Clock, 'now'> & { log: Log }

/** A message as a function got it: its id in the queue and its body, which may be anything. */
export type ReceivedMessage = { id: string; body: unknown }

/** Writes a dead letter for a message that the host gave up on. Changes no run: reconcile settles it by asking the service. */
export async function buryPoison(
  ports: BuryMessagePorts,
  source: string,
  received: ReceivedMessage,
): Promise<void> {
  await bury(ports, { source, received, reason: 'the function failed on it until the host gave up' })
}

/** Writes a dead letter for a message that says nothing the app knows. */
export async function buryUnknown(
  ports: BuryMessagePorts,
  source: string,
  received: ReceivedMessage,
): Promise<void> {
  await bury(ports, { source, received, reason: unknownReason(received.body) })
}

/** The version of the messages that this app writes and reads. */
const version = 1

/** A newer version's message, during a roll-out or after going back, is told from a strange one: sent again, it is read then. Pure. */
export function unknownReason(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const written = Number(/^\s*\{.*"v"\s*:\s*(\d+)/s.exec(text ?? '')?.[1] ?? version)
  return written > version
    ? 'the message was written by a newer version of the app'
    : 'the message is none of ours'
}

async function bury(
  ports: BuryMessagePorts,
  what: { source: string; received: ReceivedMessage; reason: string },
): Promise<void> {
  const { source, received, reason } = what
  const { id, body } = received
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
  const key = keyIn(body)
  const letter = { source, id, reason, body: text, atMs: ports.now() }
  await ports.recordDeadLetter(key === undefined ? letter : { ...letter, key })
  ports.log.error({ ...key, source }, `message buried: ${reason}`)
}

/** The ids in a body that looks like one of ours, so that the letter is found under its model. */
function keyIn(body: unknown): (ModelKey & { generation?: number }) | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { customerId, model, generation } = body as Record<string, unknown>
  if (typeof customerId !== 'string' || typeof model !== 'string') return undefined
  return typeof generation === 'number' ? { customerId, model, generation } : { customerId, model }
}
