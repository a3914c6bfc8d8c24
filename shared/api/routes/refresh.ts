import { z } from 'zod'
import { planRefresh, refreshModel } from '../../retraining/refreshModel.ts'
import { id, modelParams } from '../fields.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const topic = 'customers'
const path = 'customers/{customerId}/models/{model}/refresh'

const plan = defineRoute({
  name: 'planRefresh',
  method: 'GET',
  path,
  authLevel: 'function',
  topic,
  summary: 'What a refresh of the endpoint would do; changes nothing',
  params: modelParams,
  answer: z.object({
    customerId: id,
    model: id,
    endpoint: z.string(),
    predictiveService: z.string().optional(),
    live: z.int().optional().meta({ description: 'The generation that is live and stays' }),
    skipped: z.string().optional().meta({ description: 'Why the endpoint is better left alone' }),
  }),
  async handle(ports, { params }) {
    const planned = await planRefresh(ports, params)
    if (planned === undefined) throw unknown(params)
    return { body: planned }
  },
})

const refresh = defineRoute({
  name: 'refreshModel',
  method: 'POST',
  path,
  authLevel: 'function',
  topic,
  summary: 'Takes the changed experiment over to the endpoint; the customer’s model stays, or is put back',
  params: modelParams,
  answer: z.object({
    outcome: z.enum(['refreshed', 'unchanged']),
    model: z.enum(['kept', 'putBack', 'lost']).optional(),
    probe: z.enum(['answered', 'none', 'failed']).optional(),
    reason: z.string().optional(),
  }),
  audited: 'refresh endpoint',
  async handle(ports, { params }) {
    const { kind, ...more } = await refreshModel(ports, params)
    if (kind === 'unknown') throw unknown(params)
    if (kind === 'refused') {
      const { reason = '' } = more as { reason?: string }
      const detail = `Cannot refresh ${params.customerId}/${params.model}: ${reason}`
      throw new Problem(409, 'refused', detail)
    }
    return { body: { outcome: kind, ...more } }
  },
})

function unknown({ customerId, model }: z.output<typeof modelParams>): Problem {
  return new Problem(404, 'no-such-model', `Cannot refresh ${customerId}/${model}: there is no such model`)
}

/** A changed experiment, taken over to one endpoint at a time. */
export const refreshRoutes: readonly Route[] = [plan, refresh]
