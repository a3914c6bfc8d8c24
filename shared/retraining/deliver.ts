import type { WebhookMessage } from './messages.ts'
import type { Clock, DeadLetters, Log, SettingsStore, Stored } from './stores.ts'
import {
  type Delivery,
  longestDeliveryMs,
  nextAttemptSeconds,
  ownerOf,
  receiverPauseSeconds,
  type Webhook,
  type WebhookPort,
  type WebhookTrouble,
} from './webhook.ts'
import type { WebhookStore } from './webhookStore.ts'

/** What delivering an event needs. */
export type DeliverPorts = WebhookStore &
  Pick<WebhookPort, 'postWebhook'> &
  Pick<SettingsStore, 'readSettings'> &
  DeadLetters &
  Pick<Clock, 'now' | 'random'> & { log: Log; redact(text: string): string }

type Send = Extract<WebhookMessage, { kind: 'send' }>
type Refused = { reason: string; retryAfterSeconds?: number | undefined }

/** Clocks of two workers may differ by so much. */
const earlyMs = 2_000

/**
 * Sends one event to its receiver and takes it off the list, or says when it is tried again. A receiver in trouble is left
 * alone meanwhile, so that it costs others nothing. A message that is not the delivery's newest is void; one without an attempt
 * is an operator's: the delivery begins anew.
 */
export async function deliver(ports: DeliverPorts, { id, attempt }: Send): Promise<void> {
  const found = await ports.readDelivery(id)
  if (found === undefined) return
  const stored = attempt === undefined ? begunAnew(found, ports.now()) : found
  const delivery = stored.value
  if (attempt !== undefined && (attempt !== delivery.attempts || delivery.gaveUpAtMs !== undefined)) return
  const webhook = await readWebhook(ports, delivery)
  const trouble = await ports.readTrouble(ownerOf(delivery))
  const isSame = trouble !== undefined && trouble.url === webhook?.url
  if (webhook === undefined || (isSame && trouble.disabledAtMs !== undefined)) {
    return drop(ports, stored, 'its webhook is gone or disabled')
  }
  if (isSame && attempt !== undefined && ports.now() + earlyMs < trouble.untilAtMs) {
    return putOff(ports, stored, trouble)
  }
  const outcome = await ports.postWebhook(webhook, { id: delivery.eventId, body: delivery.body })
  switch (outcome.kind) {
    case 'accepted':
      await ports.removeDelivery(id, stored.etag)
      if (trouble !== undefined) await ports.removeTrouble(ownerOf(delivery))
      return ports.log.info(keyOf(delivery), `event delivered: ${delivery.eventId}`)
    case 'gone':
      return disable(ports, stored, webhook)
    case 'refused':
      await noteTrouble(ports, delivery, { webhook, trouble: isSame ? trouble : undefined, refused: outcome })
      return tryAgain(ports, stored, outcome)
  }
}

function begunAnew(stored: Stored<Delivery>, nowMs: number): Stored<Delivery> {
  const value = { ...stored.value, attempts: 0, createdAtMs: nowMs, gaveUpAtMs: undefined }
  return { ...stored, value }
}

async function readWebhook(ports: DeliverPorts, delivery: Delivery): Promise<Webhook | undefined> {
  if (delivery.target === 'fleet') return ports.readFleetWebhook()
  return (await ports.readSettings(delivery))?.webhook
}

async function drop(ports: DeliverPorts, { value, etag }: Stored<Delivery>, reason: string): Promise<void> {
  await ports.removeDelivery(value.id, etag)
  ports.log.warn(keyOf(value), `event not delivered: ${reason}`)
}

/** The receiver was asked by another event and did not accept: this one has lost no attempt by it. */
async function putOff(
  ports: DeliverPorts,
  stored: Stored<Delivery>,
  { untilAtMs, reason }: WebhookTrouble,
): Promise<void> {
  const { value } = stored
  const nowMs = ports.now()
  if (nowMs > value.createdAtMs + longestDeliveryMs) return giveUp(ports, stored, reason)
  const dueAtMs = untilAtMs + ports.random() * 5_000
  if ((await ports.swapDelivery(stored, { ...value, dueAtMs })) === 'changed') return
  await send(ports, value, dueAtMs - nowMs)
}

async function disable(ports: DeliverPorts, stored: Stored<Delivery>, { url }: Webhook): Promise<void> {
  const nowMs = ports.now()
  const reason = 'the receiver answered 410 Gone: nothing is sent until the webhook is set anew'
  await ports.putTrouble(ownerOf(stored.value), {
    ...{ url, failures: 1, untilAtMs: nowMs, reason, disabledAtMs: nowMs },
  })
  await drop(ports, stored, reason)
}

async function noteTrouble(
  ports: DeliverPorts,
  delivery: Delivery,
  now: { webhook: Webhook; trouble: WebhookTrouble | undefined; refused: Refused },
): Promise<void> {
  const failures = (now.trouble?.failures ?? 0) + 1
  const seconds = receiverPauseSeconds(failures, now.refused.retryAfterSeconds)
  const reason = ports.redact(now.refused.reason)
  const untilAtMs = ports.now() + seconds * 1000
  await ports.putTrouble(ownerOf(delivery), { url: now.webhook.url, failures, untilAtMs, reason })
}

async function tryAgain(ports: DeliverPorts, stored: Stored<Delivery>, refused: Refused): Promise<void> {
  const attempts = stored.value.attempts + 1
  const seconds = nextAttemptSeconds(attempts, ports.random(), refused.retryAfterSeconds)
  if (seconds === undefined) return giveUp(ports, stored, refused.reason)
  const lastReason = ports.redact(refused.reason)
  const next = { ...stored.value, attempts, lastReason, dueAtMs: ports.now() + seconds * 1000 }
  if ((await ports.swapDelivery(stored, next)) === 'changed') return
  ports.log.warn(keyOf(next), `event not accepted, attempt ${attempts}: ${lastReason}`)
  await send(ports, next, seconds * 1000)
}

/** The letter first, then the row, which stays so that the letter can be sent again. */
async function giveUp(ports: DeliverPorts, stored: Stored<Delivery>, reason: string): Promise<void> {
  const { id, customerId, model, attempts } = stored.value
  await ports.recordDeadLetter({
    source: 'webhooks',
    id: `${id}|${stored.value.createdAtMs}`,
    reason: `the receiver did not accept the event, ${attempts + 1} attempts: ${reason}`,
    body: JSON.stringify({ v: 1, kind: 'send', id }),
    key: { customerId, model },
    atMs: ports.now(),
  })
  await ports.swapDelivery(stored, { ...stored.value, gaveUpAtMs: ports.now() })
}

function send(ports: DeliverPorts, { id, attempts }: Delivery, delayMs: number): Promise<void> {
  const seconds = Math.max(0, Math.ceil(delayMs / 1000))
  return ports.sendWebhookMessage({ v: 1, kind: 'send', id, attempt: attempts }, seconds)
}

function keyOf({ customerId, model }: Delivery) {
  return { customerId, model }
}
