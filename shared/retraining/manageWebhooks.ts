import { RetryableError } from './errors.ts'
import type { ModelSettingsStore } from './predictiveServices.ts'
import type { Clock } from './stores.ts'
import type { PostOutcome, Webhook, WebhookOwner, WebhookPort, WebhookTrouble } from './webhook.ts'
import { testEvent } from './webhookEvent.ts'
import type { WebhookStore } from './webhookStore.ts'

/** What looking after webhooks needs. */
export type ManageWebhooksPorts = Pick<
  WebhookStore,
  'readFleetWebhook' | 'putFleetWebhook' | 'removeFleetWebhook'
> &
  Pick<WebhookStore, 'readTrouble' | 'removeTrouble' | 'listTroubles' | 'listDeliveries'> &
  Pick<ModelSettingsStore, 'readWritten' | 'swapSettings'> &
  WebhookPort &
  Pick<Clock, 'now' | 'newId'>

const tries = 5

/** A webhook, and how its receiver does where that is not well. */
export type ShownWebhook = { webhook?: Webhook | undefined; trouble?: WebhookTrouble | undefined }

/** The webhook of an owner; undefined for a model without settings. */
export async function showWebhook(
  ports: ManageWebhooksPorts,
  owner: WebhookOwner,
): Promise<ShownWebhook | undefined> {
  const trouble = await ports.readTrouble(owner)
  if (owner === 'fleet') {
    const webhook = await ports.readFleetWebhook()
    return { webhook, trouble: ofUrl(trouble, webhook) }
  }
  const found = await ports.readWritten(owner)
  if (found === undefined || found.offboarded !== undefined) return undefined
  const { webhook } = found.settings
  return { webhook, trouble: ofUrl(trouble, webhook) }
}

function ofUrl(trouble: WebhookTrouble | undefined, webhook: Webhook | undefined) {
  return trouble !== undefined && trouble.url === webhook?.url ? trouble : undefined
}

/**
 * Sets or, without a webhook, removes it; a receiver that was disabled is asked again. Throws TerminalError for a URL that may
 * not be called. `unknown`: a model without settings.
 */
export async function setWebhook(
  ports: ManageWebhooksPorts,
  owner: WebhookOwner,
  webhook: Webhook | undefined,
): Promise<'set' | 'removed' | 'absent' | 'unknown'> {
  if (webhook !== undefined) ports.checkWebhookUrl(webhook.url)
  const outcome =
    owner === 'fleet' ? await setOfFleet(ports, webhook) : await setOfModel(ports, owner, webhook)
  if (outcome === 'set' || outcome === 'removed') await ports.removeTrouble(owner)
  return outcome
}

async function setOfFleet(ports: ManageWebhooksPorts, webhook: Webhook | undefined) {
  if (webhook === undefined) return ports.removeFleetWebhook()
  await ports.putFleetWebhook(webhook)
  return 'set' as const
}

/** The other settings stay as they are, also those that somebody changes at this moment. */
async function setOfModel(
  ports: ManageWebhooksPorts,
  owner: Exclude<WebhookOwner, 'fleet'>,
  webhook: Webhook | undefined,
) {
  for (let count = 0; count < tries; count++) {
    const found = await ports.readWritten(owner)
    if (found === undefined || found.offboarded !== undefined) return 'unknown' as const
    if (webhook === undefined && found.settings.webhook === undefined) return 'absent' as const
    const outcome = await ports.swapSettings({ ...found.settings, webhook }, found.etag)
    if (outcome === 'written') return webhook === undefined ? ('removed' as const) : ('set' as const)
  }
  throw new RetryableError('Cannot change the webhook: the settings of the model change all the time')
}

/** Sends a test event, once, at this moment; undefined where there is no webhook. */
export async function tryWebhook(
  ports: ManageWebhooksPorts,
  owner: WebhookOwner,
): Promise<PostOutcome | undefined> {
  const webhook = (await showWebhook(ports, owner))?.webhook
  if (webhook === undefined) return undefined
  const event = testEvent(ports.newId(), ports.now())
  return ports.postWebhook(webhook, { id: event.id, body: JSON.stringify(event) })
}

const mostPages = 20

/** How many events are on their way, and how many were given up; of many only the first pages are counted. */
export async function countDeliveries(
  ports: Pick<WebhookStore, 'listDeliveries'>,
): Promise<{ waiting: number; givenUp: number }> {
  const counts = { waiting: 0, givenUp: 0 }
  let next: string | undefined
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await ports.listDeliveries(next)
    for (const { value } of page.items) counts[value.gaveUpAtMs === undefined ? 'waiting' : 'givenUp']++
    next = page.next
    if (next === undefined) break
  }
  return counts
}
