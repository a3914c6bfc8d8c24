import { z } from 'zod'
import type { PollMessage, StartMessage, UpdateMessage, WebhookMessage } from '../retraining/messages.ts'
import { isId } from '../retraining/names.ts'

const id = z.string().refine(isId)
const model = { v: z.literal(1), customerId: id, model: id }
const run = { ...model, generation: z.int().positive() }

const start: z.ZodType<StartMessage> = z.object({ ...model, service: z.string().optional() })
const poll: z.ZodType<PollMessage> = z.object({ ...run, token: z.string() })
const update: z.ZodType<UpdateMessage> = z.discriminatedUnion('kind', [
  z.object({ ...run, kind: z.literal('update'), again: z.boolean().optional() }),
  z.object({ ...run, kind: z.literal('check'), token: z.string() }),
  z.object({ ...run, kind: z.literal('measure') }),
])
const webhook: z.ZodType<WebhookMessage> = z.discriminatedUnion('kind', [
  z.object({ ...model, kind: z.literal('tell') }),
  z.object({
    v: z.literal(1),
    kind: z.literal('send'),
    id: z.string().max(400),
    attempt: z.int().min(0).optional(),
  }),
])

/** A message of `start-requests`; undefined when it is none of ours. */
export const decodeStartMessage = (body: unknown): StartMessage | undefined => start.safeParse(body).data

/** A message of `training-jobs`; undefined when it is none of ours. */
export const decodePollMessage = (body: unknown): PollMessage | undefined => poll.safeParse(body).data

/** A message of `endpoint-updates`; undefined when it is none of ours. */
export const decodeUpdateMessage = (body: unknown): UpdateMessage | undefined => update.safeParse(body).data

/** A message of `webhooks`; undefined when it is none of ours. */
export const decodeWebhookMessage = (body: unknown): WebhookMessage | undefined =>
  webhook.safeParse(body).data

const blobMessage = z.object({ ContainerName: z.literal('training-data'), BlobName: z.string() })

/** The blob name in `training-data` that the blob trigger's own message tells of; undefined for any other. */
export function decodeBlobMessage(body: unknown): string | undefined {
  return blobMessage.safeParse(body).data?.BlobName
}

const created = z.literal('Microsoft.Storage.BlobCreated')
const blobCreated = z.union([
  z.object({ eventType: created, subject: z.string() }),
  z.object({ type: created, subject: z.string() }),
])

/**
 * The blob name in `training-data` that an Event Grid event tells of (`/blobServices/default/containers/{c}/blobs/{name}`);
 * undefined for any other event. Event Grid's own schema and CloudEvents.
 */
export function decodeBlobCreated(body: unknown): string | undefined {
  const event = blobCreated.safeParse(body).data
  return event && /^\/blobServices\/default\/containers\/training-data\/blobs\/(.+)$/.exec(event.subject)?.[1]
}
