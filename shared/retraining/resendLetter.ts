import { type AcceptDropPorts, acceptDrop } from './acceptDrop.ts'
import type { PollMessage, StartMessage, UpdateMessage, WebhookMessage } from './messages.ts'
import { type RedriveRunPorts, redriveRun } from './redriveRun.ts'
import type { DeadLetterStore, ListedLetter, Messages } from './stores.ts'
import type { WebhookStore } from './webhookStore.ts'

/** What sending a dead letter again needs. */
export type ResendLetterPorts = RedriveRunPorts &
  AcceptDropPorts &
  Messages &
  Pick<WebhookStore, 'sendWebhookMessage'> &
  DeadLetterStore & {
    decodeStartMessage(body: unknown): StartMessage | undefined
    decodePollMessage(body: unknown): PollMessage | undefined
    decodeUpdateMessage(body: unknown): UpdateMessage | undefined
    decodeWebhookMessage(body: unknown): WebhookMessage | undefined
    decodeBlobCreated(body: unknown): string | undefined
    decodeBlobMessage(body: unknown): string | undefined
  }

/** What became of it; `again` when it was sent before: sending is harmless, a letter is not sent twice without need. */
export type Resent = { kind: 'sent' } | { kind: 'again' } | { kind: 'refused'; reason: string }

/**
 * An operator sends what a dead letter holds again: a run gets a new attempt, a message goes to its queue, a landed blob is
 * accepted. The letter says when, and stays listed with that.
 */
export async function resendLetter(ports: ResendLetterPorts, id: string): Promise<Resent> {
  const letter = await ports.readDeadLetter(id)
  if (letter === undefined) return { kind: 'refused', reason: 'there is no such letter' }
  if (letter.resentAtMs !== undefined) return { kind: 'again' }
  const reason = await send(ports, letter)
  if (reason !== undefined) return { kind: 'refused', reason }
  await ports.markResent(id, ports.now())
  ports.log.warn({ source: letter.source }, 'dead letter sent again')
  return { kind: 'sent' }
}

/** Answers why it can't be sent; undefined when it was. */
async function send(ports: ResendLetterPorts, letter: ListedLetter): Promise<string | undefined> {
  const body = parse(letter.body)
  const unknown = 'its message is none of ours'
  switch (letter.source) {
    case 'runs':
      return sendRun(ports, letter)
    case 'start-requests': {
      const message = ports.decodeStartMessage(body)
      return message === undefined ? unknown : void (await ports.sendStart(message, 0))
    }
    case 'training-jobs': {
      const message = ports.decodePollMessage(body)
      return message === undefined ? unknown : void (await ports.sendPoll(message, 0))
    }
    case 'endpoint-updates': {
      const message = ports.decodeUpdateMessage(body)
      return message === undefined ? unknown : void (await ports.sendUpdate(message, 0))
    }
    case 'webhooks': {
      const message = ports.decodeWebhookMessage(body)
      return message === undefined ? unknown : void (await ports.sendWebhookMessage(message, 0))
    }
    case 'training-data-events':
      return sendDrop(ports, ports.decodeBlobCreated(body))
    case 'webjobs-blobtrigger':
      return sendDrop(ports, ports.decodeBlobMessage(body))
    default:
      return `nothing takes letters of ${letter.source}`
  }
}

async function sendRun(ports: ResendLetterPorts, letter: ListedLetter): Promise<string | undefined> {
  const { customerId, model, generation } = letter
  if (customerId === undefined || model === undefined || generation === undefined) return 'it names no run'
  const redrive = await redriveRun(ports, { customerId, model, generation })
  return redrive.kind === 'refused' ? redrive.reason : undefined
}

async function sendDrop(ports: ResendLetterPorts, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return 'its message is none of ours'
  return (await acceptDrop(ports, name)) === 'gone' ? `${name} is gone` : undefined
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
