import type { ModelKey } from './names.ts'

/** Where events go: an https URL, and the secret by reference (`whsec_` and base64) that signs them. */
export type Webhook = { url: string; secret: string }

/** Whose webhook: one model's, or the fleet's, which gets the events of all. */
export type WebhookOwner = 'fleet' | (ModelKey & { kind?: undefined })

/** What became of one request. `gone`: HTTP 410, the receiver wants no more. */
export type PostOutcome =
  | { kind: 'accepted'; status: number }
  | { kind: 'gone' }
  | { kind: 'refused'; reason: string; retryAfterSeconds?: number | undefined }

/** Port to the receivers: one request, signed. Never throws for what a receiver does. */
export type WebhookPort = {
  postWebhook(webhook: Webhook, event: { id: string; body: string }): Promise<PostOutcome>
  /** Throws TerminalError for a URL that may not be called. */
  checkWebhookUrl(url: string): void
}

/** An event on its way to one receiver. `attempts` were made; the next is due at `dueAtMs`. */
export type Delivery = ModelKey & {
  id: string
  eventId: string
  target: 'model' | 'fleet'
  /** The event as it is sent, JSON. */
  body: string
  attempts: number
  createdAtMs: number
  dueAtMs: number
  lastReason?: string | undefined
  gaveUpAtMs?: number | undefined
}

/**
 * How a receiver does that did not accept: it is asked no more before `untilAtMs`; a disabled one (HTTP 410) is asked no more
 * until its webhook is set anew. Holds for this URL only.
 */
export type WebhookTrouble = {
  url: string
  failures: number
  untilAtMs: number
  reason: string
  disabledAtMs?: number | undefined
}

/** Seconds until the next attempt, after so many. Source: Standard Webhooks, "Deliverability and reliability". */
const delays = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
const longestReceiverSeconds = 3_600
const daySeconds = 86_400

/** An event is given up after so long, in ms, also when its receiver was never asked. */
export const longestDeliveryMs = 4 * daySeconds * 1000

/** When an attempt that failed is repeated, in seconds, up to a fifth later by `random` (0 to 1); undefined: never. Pure. */
export function nextAttemptSeconds(
  attempts: number,
  random: number,
  retryAfterSeconds = 0,
): number | undefined {
  const delay = delays[attempts - 1]
  if (delay === undefined) return undefined
  return Math.max(delay * (1 + random / 5), Math.min(daySeconds, retryAfterSeconds))
}

/** How long a receiver is left alone after so many failures in a row, in seconds. Pure. */
export function receiverPauseSeconds(failures: number, retryAfterSeconds = 0): number {
  const pause = delays[Math.min(failures, delays.length) - 1] ?? 0
  return Math.max(Math.min(pause, longestReceiverSeconds), Math.min(daySeconds, retryAfterSeconds))
}

/** The name of a webhook's owner: `fleet` or `contoso|census`. Pure. */
export function ownerName(owner: WebhookOwner): string {
  return owner === 'fleet' ? owner : `${owner.customerId}|${owner.model}`
}

/** Whose webhook a delivery goes to. Pure. */
export function ownerOf({ target, customerId, model }: Delivery): WebhookOwner {
  return target === 'fleet' ? 'fleet' : { customerId, model }
}
