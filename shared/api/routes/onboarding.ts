import { z } from 'zod'
import { modelBody } from '../../fleet/modelFields.ts'
import { completeDeclaration, declarationOf, type GivenDeclaration } from '../../retraining/declaration.ts'
import type { ModelKey } from '../../retraining/names.ts'
import { offboardModel } from '../../retraining/offboardModel.ts'
import { onboardModel } from '../../retraining/onboardModel.ts'
import type { ListedSettings } from '../../retraining/predictiveServices.ts'
import type { ApiPorts } from '../apiPorts.ts'
import { id, modelParams, pageOf, paging } from '../fields.ts'
import { requireMatch, settingsChanged } from '../ifMatch.ts'
import { knownServices } from '../knownServices.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const topic = 'customers'
const path = 'customers/{customerId}/models/{model}'

const listedModel = z.object({
  customerId: id,
  model: id,
  settings: modelBody.optional().meta({ description: 'As PUT takes them; no key, no address' }),
  endpointUrl: z.string().optional().meta({
    description: 'Where the endpoint is updated: by its predictive web service when it was written',
  }),
  problem: z.string().optional().meta({ description: 'Why the settings can’t be read' }),
})

const listSettings = defineRoute({
  name: 'listCustomers',
  method: 'GET',
  path: 'customers',
  authLevel: 'function',
  topic,
  summary: "Every customer's models with their settings, by customer and model",
  query: paging,
  answer: pageOf(listedModel),
  async handle(ports, { query }) {
    const { items, next } = await ports.listSettings({ size: query.limit, next: query.continuation })
    const listed = items.map(viewOf)
    return { body: { items: listed, continuation: next } }
  },
})

/** Settings that other hands wrote may be none that PUT takes: then they are not shown, and why. */
function viewOf({ customerId, model, ...more }: ListedSettings): z.input<typeof listedModel> {
  if ('problem' in more) return { customerId, model, problem: more.problem }
  const { predictiveService, ...rest } = declarationOf(more.settings)
  const named = predictiveService === '' ? rest : { ...rest, predictiveService }
  const view = modelBody.safeParse(named)
  const endpointUrl = more.settings.endpoint.url
  if (view.success) return { customerId, model, settings: view.data, endpointUrl }
  const wrong = view.error.issues.map((issue) => issue.path.join('.')).join(', ')
  return { customerId, model, problem: `settings that can't be shown: ${wrong}` }
}

const onboarded = z.object({
  outcome: z.enum(['added', 'changed', 'unchanged', 'waiting']),
  endpoint: z.enum(['made', 'found']).optional(),
  missing: z.string().optional().meta({ description: 'With 202: what it waits for; PUT the same again' }),
})

const putModel = defineRoute({
  name: 'putModel',
  method: 'PUT',
  path,
  authLevel: 'function',
  topic,
  summary:
    'Makes a customer’s model known, with its endpoint and key, or changes its settings; 202 while something is missing: the same again goes on',
  params: modelParams,
  body: modelBody,
  answer: onboarded,
  statuses: [200, 201, 202],
  audited: 'onboard model',
  matches: true,
  async handle(ports, { params, body, ifMatch }) {
    const etag = await requireMatch(ports, params, ifMatch)
    if (body.webhook !== undefined) ports.checkWebhookUrl(body.webhook.url)
    const outcome = await onboardModel(ports, params, await completed(ports, params, body), etag)
    if (outcome.kind === 'changed') throw settingsChanged(params)
    if (outcome.kind === 'waiting') {
      return { status: 202, body: { outcome: 'waiting', missing: outcome.missing } }
    }
    const status = outcome.outcome === 'added' ? 201 : 200
    return { status, body: { outcome: outcome.outcome, endpoint: outcome.endpoint } }
  },
})

async function completed(ports: ApiPorts, key: ModelKey, given: GivenDeclaration) {
  const completion = completeDeclaration(key, given, await knownServices(ports, given), ports.nameHash)
  if (completion.kind === 'complete') return completion.declaration
  const errors = completion.problems.map((message) => ({ path: 'body', message }))
  const detail = `Cannot onboard ${key.customerId}/${key.model}: ${completion.problems.join('; ')}`
  throw new Problem(400, 'wrong-declaration', detail, { errors })
}

const removeModel = defineRoute({
  name: 'removeModel',
  method: 'DELETE',
  path,
  authLevel: 'function',
  topic,
  summary:
    'Off-boards a customer’s model: its run ends, its endpoint is deleted, its history stays; 202 while a run ends: the same again goes on',
  params: modelParams,
  query: z.object({
    endpoint: z
      .enum(['delete', 'keep'])
      .default('delete')
      .meta({ description: 'What becomes of the endpoint' }),
  }),
  answer: z.object({
    outcome: z.enum(['offboarded', 'waiting']),
    endpoint: z.enum(['deleted', 'kept']).optional(),
    missing: z.string().optional(),
  }),
  statuses: [200, 202],
  audited: 'off-board model',
  async handle(ports, { params, query, caller: by, reason }) {
    const order = { by, reason, atMs: ports.now(), keepEndpoint: query.endpoint === 'keep' }
    const outcome = await offboardModel(ports, params, order)
    switch (outcome.kind) {
      case 'offboarded':
        return { body: { outcome: 'offboarded', endpoint: outcome.endpoint } }
      case 'waiting':
        return { status: 202, body: { outcome: 'waiting', missing: outcome.missing } }
      case 'unknown': {
        const { customerId, model } = params
        const detail = `Cannot off-board ${customerId}/${model}: there is no such model`
        throw new Problem(404, 'no-such-model', detail)
      }
    }
  },
})

/** Customers' models: listed with their settings, made known, taken out of service. */
export const onboardingRoutes: readonly Route[] = [listSettings, putModel, removeModel]
