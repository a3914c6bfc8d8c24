import type { WebhookMessage } from './messages.ts'
import type { Stored } from './stores.ts'
import type { Delivery, Webhook, WebhookOwner, WebhookTrouble } from './webhook.ts'

/** The fleet's webhook, how receivers do, and events on their way. */
export type WebhookStore = {
  readFleetWebhook(): Promise<Webhook | undefined>
  putFleetWebhook(webhook: Webhook): Promise<void>
  removeFleetWebhook(): Promise<'removed' | 'absent'>
  readTrouble(owner: WebhookOwner): Promise<WebhookTrouble | undefined>
  putTrouble(owner: WebhookOwner, trouble: WebhookTrouble): Promise<void>
  removeTrouble(owner: WebhookOwner): Promise<void>
  /** Receivers in trouble, by their owner's name. */
  listTroubles(next: string | undefined): Promise<{ items: OwnedTrouble[]; next?: string | undefined }>
  insertDelivery(delivery: Delivery): Promise<'inserted' | 'exists'>
  readDelivery(id: string): Promise<Stored<Delivery> | undefined>
  swapDelivery(stored: Stored<Delivery>, next: Delivery): Promise<'swapped' | 'changed'>
  removeDelivery(id: string, etag: string): Promise<void>
  listDeliveries(next: string | undefined): Promise<{ items: Stored<Delivery>[]; next?: string | undefined }>
  sendWebhookMessage(message: WebhookMessage, delaySeconds: number): Promise<void>
}

/** How a receiver does, with whose it is: `fleet` or `contoso|census`. */
export type OwnedTrouble = WebhookTrouble & { owner: string }
