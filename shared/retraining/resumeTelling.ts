import { concurrently } from './concurrently.ts'
import type { Happening } from './happenings.ts'
import type { ModelKey } from './names.ts'
import type { Clock, Log, Stored } from './stores.ts'
import type { Delivery } from './webhook.ts'
import type { WebhookStore } from './webhookStore.ts'

/** What sending lost messages of `webhooks` again needs. */
export type ResumeTellingPorts = Pick<
  WebhookStore,
  'listDeliveries' | 'swapDelivery' | 'removeDelivery' | 'sendWebhookMessage'
> &
  Pick<Clock, 'now'> & { log: Log; retrySeconds: number }

/** A message counts as lost so many times `retrySeconds` after its time. */
const graceTimes = 4

/** Asks again for what a head notes as untold, when its message must have been lost. */
export async function resumeTelling(
  ports: ResumeTellingPorts,
  { customerId, model }: ModelKey,
  untold: readonly Happening[],
): Promise<void> {
  const lateMs = ports.now() - graceTimes * ports.retrySeconds * 1000
  if (!untold.some(({ atMs }) => atMs < lateMs)) return
  ports.log.warn({ customerId, model }, 'not told yet: asked for again')
  await ports.sendWebhookMessage({ v: 1, kind: 'tell', customerId, model }, 0)
}

/** Dead letters can be sent again for so long, in ms. */
const givenUpMs = 30 * 24 * 3_600_000

const atOnce = 8

/**
 * Sends the messages of deliveries that are overdue again: twice is harmless, a delivery has one valid message. What was given
 * up long ago is let go. Begins nothing after `endsAtMs`.
 */
export async function resumeDeliveries(ports: ResumeTellingPorts, endsAtMs: number): Promise<void> {
  let next: string | undefined
  do {
    const page = await ports.listDeliveries(next)
    await concurrently(page.items, atOnce, async (delivery) => {
      if (ports.now() < endsAtMs) await resumeDelivery(ports, delivery)
    })
    next = page.next
  } while (next !== undefined && ports.now() < endsAtMs)
}

/** The row says when it was asked for, so that the next tick doesn't ask again. */
async function resumeDelivery(ports: ResumeTellingPorts, { value, etag }: Stored<Delivery>): Promise<void> {
  const nowMs = ports.now()
  if (value.gaveUpAtMs !== undefined) {
    if (value.gaveUpAtMs < nowMs - givenUpMs) await ports.removeDelivery(value.id, etag)
    return
  }
  if (value.dueAtMs >= nowMs - graceTimes * ports.retrySeconds * 1000) return
  if ((await ports.swapDelivery({ value, etag }, { ...value, dueAtMs: nowMs })) === 'changed') return
  await ports.sendWebhookMessage({ v: 1, kind: 'send', id: value.id, attempt: value.attempts }, 0)
}
