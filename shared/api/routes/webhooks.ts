import { z } from 'zod'
import { TerminalError } from '../../retraining/errors.ts'
import {
  countDeliveries,
  type ShownWebhook,
  setWebhook,
  showWebhook,
  tryWebhook,
} from '../../retraining/manageWebhooks.ts'
import type { WebhookOwner } from '../../retraining/webhook.ts'
import type { ApiPorts } from '../apiPorts.ts'
import { instant, modelParams } from '../fields.ts'
import { noSuchModel } from '../notFound.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const topic = 'webhooks'
const ofModel = 'customers/{customerId}/models/{model}/webhook'

const secret = z
  .string()
  .regex(/^(?:env|file|keyvault):\w[\w.-]*$/, 'a reference: env:NAME, file:NAME or keyvault:NAME')
  .meta({ description: 'Reference of the secret that signs: whsec_ and base64' })
const webhook = z.strictObject({ url: z.url().max(2_000), secret })
const trouble = z.object({
  failures: z.int(),
  until: instant.optional(),
  reason: z.string(),
  disabledAt: instant.optional(),
})
const shown = z.object({
  url: z.string().optional(),
  secret: secret.optional(),
  trouble: trouble.optional(),
})
const tried = z.object({
  outcome: z.enum(['accepted', 'gone', 'refused']),
  status: z.int().optional(),
  reason: z.string().optional(),
})

const listWebhooks = defineRoute({
  name: 'listWebhooks',
  method: 'GET',
  path: 'webhooks',
  authLevel: 'function',
  topic,
  summary: "The fleet's webhook, the receivers that are not well, and how many events are on their way",
  answer: z.object({
    fleet: shown,
    troubles: z.array(trouble.extend({ owner: z.string(), url: z.string() })),
    waiting: z.int(),
    givenUp: z.int(),
  }),
  async handle(ports) {
    const fleet = await showWebhook(ports, 'fleet')
    const { items } = await ports.listTroubles(undefined)
    const troubles = items.map(({ untilAtMs: _until, ...one }) => one)
    return { body: { fleet: viewOf(fleet), troubles, ...(await countDeliveries(ports)) } }
  },
})

function viewOf(found: ShownWebhook | undefined) {
  return { ...found?.webhook, trouble: found?.trouble }
}

async function put(ports: ApiPorts, owner: WebhookOwner, body: z.infer<typeof webhook> | undefined) {
  const verb = body === undefined ? 'remove' : 'set'
  try {
    const outcome = await setWebhook(ports, owner, body)
    if (outcome === 'unknown' && owner !== 'fleet') throw noSuchModel(`${verb} the webhook of`, owner)
    if (outcome !== 'absent') return { body: { outcome } }
  } catch (error) {
    if (error instanceof TerminalError) throw new Problem(422, 'wrong-webhook', error.message)
    throw error
  }
  throw new Problem(404, 'no-webhook', 'Cannot remove the webhook: there is none')
}

async function tryOut(ports: ApiPorts, owner: WebhookOwner) {
  const outcome = await tryWebhook(ports, owner)
  if (outcome === undefined) throw new Problem(404, 'no-webhook', 'Cannot try the webhook: there is none')
  return { body: { ...outcome, outcome: outcome.kind } }
}

const changed = z.object({ outcome: z.enum(['set', 'removed']) })

const fleetWebhook = [
  defineRoute({
    ...{ name: 'setFleetWebhook', method: 'PUT', path: 'webhooks', authLevel: 'admin', topic },
    summary: 'Where the events of all models go, beside a webhook of their own',
    body: webhook,
    answer: changed,
    audited: "set the fleet's webhook",
    handle: (ports, { body }) => put(ports, 'fleet', body),
  }),
  defineRoute({
    ...{ name: 'removeFleetWebhook', method: 'DELETE', path: 'webhooks', authLevel: 'admin', topic },
    summary: "Removes the fleet's webhook; events on their way to it are dropped",
    answer: changed,
    audited: "remove the fleet's webhook",
    handle: (ports) => put(ports, 'fleet', undefined),
  }),
  defineRoute({
    ...{ name: 'tryFleetWebhook', method: 'POST', path: 'webhooks/test', authLevel: 'function', topic },
    summary: "Sends a test event to the fleet's webhook and says what it answered",
    answer: tried,
    audited: "try the fleet's webhook",
    handle: (ports) => tryOut(ports, 'fleet'),
  }),
]

const modelWebhook = [
  defineRoute({
    ...{ name: 'showWebhook', method: 'GET', path: ofModel, authLevel: 'function', topic },
    summary: 'The webhook of a model, and how its receiver does',
    params: modelParams,
    answer: shown,
    async handle(ports, { params }) {
      const found = await showWebhook(ports, params)
      if (found === undefined) throw noSuchModel('show the webhook of', params)
      return { body: viewOf(found) }
    },
  }),
  defineRoute({
    ...{ name: 'setWebhook', method: 'PUT', path: ofModel, authLevel: 'function', topic },
    summary: 'Where the events of a model go; a disabled receiver is asked again',
    params: modelParams,
    body: webhook,
    answer: changed,
    audited: 'set the webhook',
    handle: (ports, { params, body }) => put(ports, params, body),
  }),
  defineRoute({
    ...{ name: 'removeWebhook', method: 'DELETE', path: ofModel, authLevel: 'function', topic },
    summary: 'Removes the webhook of a model; events on their way to it are dropped',
    params: modelParams,
    answer: changed,
    audited: 'remove the webhook',
    handle: (ports, { params }) => put(ports, params, undefined),
  }),
  defineRoute({
    ...{ name: 'tryWebhook', method: 'POST', path: `${ofModel}/test`, authLevel: 'function', topic },
    summary: 'Sends a test event to the webhook of a model and says what it answered',
    params: modelParams,
    answer: tried,
    audited: 'try the webhook',
    handle: (ports, { params }) => tryOut(ports, params),
  }),
]

/** Webhooks. */
export const webhookRoutes: readonly Route[] = [listWebhooks, ...fleetWebhook, ...modelWebhook]
