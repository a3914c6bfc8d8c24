import { type CheckEndpointPorts, checkEndpoint } from './checkEndpoint.ts'
import { type InstallModelPorts, installModel } from './installModel.ts'
import type { UpdateMessage } from './messages.ts'
import type { DeadLetters, SettingsStore } from './stores.ts'
import { textOf } from './trouble.ts'

/** What working off a message of `endpoint-updates` needs. */
export type UpdateEndpointPorts = InstallModelPorts &
  CheckEndpointPorts &
  DeadLetters &
  Pick<SettingsStore, 'readSettings'>

/** Installs a run's model on its endpoint, or checks that the endpoint answers with it. Throws what storage throws: the host tries again. */
export async function updateEndpoint(ports: UpdateEndpointPorts, message: UpdateMessage): Promise<void> {
  const { customerId, model, generation } = message
  const settings = await ports.readSettings(message)
  const run = (await ports.readRun(message))?.value
  if (settings === undefined || run === undefined) {
    const reason = settings === undefined ? 'the model has no settings' : 'there is no such run'
    const id = `${customerId}|${model}|${generation}|${message.kind}`
    const letter = { source: 'endpoint-updates', id, reason, body: JSON.stringify(message) }
    return ports.recordDeadLetter({ ...letter, key: { customerId, model, generation }, atMs: ports.now() })
  }
  switch (message.kind) {
    case 'update':
      return installModel(ports, settings, run, message.again === true)
    case 'check':
      if (run.update?.check?.token !== message.token) return
      return checkEndpoint(ports, settings, run)
  }
}

/** A message of `endpoint-updates` that says nothing we know. */
export async function refuseUpdateMessage(
  ports: DeadLetters & { now(): number; redact(text: string): string },
  message: { id: string; body: unknown },
): Promise<void> {
  const body = ports.redact(textOf(JSON.stringify(message.body) ?? ''))
  const reason = 'the message is none of ours'
  await ports.recordDeadLetter({
    source: 'endpoint-updates',
    id: message.id,
    reason,
    body,
    atMs: ports.now(),
  })
}
