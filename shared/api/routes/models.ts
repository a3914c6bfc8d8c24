import { z } from 'zod'
import { countFleet } from '../../retraining/countFleet.ts'
import { listModels } from '../../retraining/listModels.ts'
import { modelStates } from '../../retraining/modelState.ts'
import { customerParams, id, instant, pageOf, paging } from '../fields.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { modelLine, modelState } from '../views/modelView.ts'

/** A walk through the fleet answers after this, with what it has by then: below the 230 s that Azure gives a request. */
const walkMs = 20_000

const bounded = z.object({
  count: z.int(),
  more: z.boolean().meta({ description: 'Counting stopped at a bound: there may be more' }),
})

const showFleet = defineRoute({
  name: 'showFleet',
  method: 'GET',
  path: 'fleet',
  authLevel: 'function',
  topic: 'fleet',
  summary: 'The fleet at a glance: how many models are in which state',
  query: paging.pick({ continuation: true }),
  answer: z.object({
    countedAt: instant,
    models: z.int(),
    customers: z.int(),
    states: z.object(Object.fromEntries(modelStates.map((state) => [state, z.int()]))),
    damaged: z.int().meta({ description: 'Models whose rows can’t be read' }),
    unclaimed: bounded,
    deadLetters: bounded,
    continuation: z.string().optional().meta({
      description: 'The time was up: these counts are of part of the fleet, the rest comes with it',
    }),
  }),
  async handle(ports, { query }) {
    const countedAtMs = ports.now()
    const { next, ...counts } = await countFleet(ports, countedAtMs + walkMs, query.continuation)
    return { body: { countedAtMs, ...counts, continuation: next } }
  },
})

const listModelsRoute = defineRoute({
  name: 'listModels',
  method: 'GET',
  path: 'models',
  authLevel: 'function',
  topic: 'fleet',
  summary:
    'Every model at a glance, by customer and name; with a state, or a mark, to look for a page may be short',
  query: paging.extend({
    state: modelState.optional(),
    customerId: id.optional(),
    changedSince: z
      .string()
      .regex(/^\d{1,15}-[0-9a-z]{1,20}$/, 'the mark that a list of models answered')
      .optional()
      .meta({
        description:
          'The mark of an earlier list: models that may have changed since, and those with a run under way',
      }),
  }),
  answer: pageOf(modelLine).extend({
    mark: z.string().meta({ description: 'For `changedSince`; that of the first page' }),
  }),
  async handle(ports, { query }) {
    const { limit, continuation, ...filter } = query
    const page = { size: limit, next: continuation, untilMs: ports.now() + walkMs }
    const { items, next, mark } = await listModels(ports, { ...filter, ...page })
    return { body: { items, continuation: next, mark } }
  },
})

const mostModels = 500

const showCustomer = defineRoute({
  name: 'showCustomer',
  method: 'GET',
  path: 'customers/{customerId}',
  authLevel: 'function',
  topic: 'customers',
  summary: 'A customer’s models at a glance',
  params: customerParams,
  answer: z.object({ customerId: id, models: z.array(modelLine) }),
  async handle(ports, { params: { customerId } }) {
    const untilMs = ports.now() + walkMs
    const { items } = await listModels(ports, { customerId, size: mostModels, untilMs })
    if (items.length > 0) return { body: { customerId, models: items } }
    const detail = `Cannot show ${customerId}: there is no such customer`
    throw new Problem(404, 'no-such-customer', detail)
  },
})

/** The fleet, its models and a customer's. */
export const modelsRoutes: readonly Route[] = [showFleet, listModelsRoute, showCustomer]
