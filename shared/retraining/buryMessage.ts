import type { ModelKey } from './names.ts'
import type { Clock, DeadLetters, Log } from './stores.ts'

/** What burying a poisoned message needs. */
export type BuryMessagePorts = DeadLetters & Pick<Clock, 'now'> & { log: Log; redact(text: string): string }

/** A message that the host gave up on: the queue it came from, its id there, its text. */
export type PoisonedMessage = { source: string; id: string; text: string; key?: ModelKey }

/** Writes a dead letter for a message that failed too often. Changes no run: reconcile settles it by asking the service. */
export async function buryMessage(ports: BuryMessagePorts, message: PoisonedMessage): Promise<void> {
  const { source, id, text, key } = message
  const reason = 'the function failed on it five times'
  const letter = { source, id, reason, body: ports.redact(text), atMs: ports.now() }
  await ports.recordDeadLetter(key === undefined ? letter : { ...letter, key })
  ports.log.error({ ...key, source }, 'message buried')
}
