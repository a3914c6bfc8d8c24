import { z } from 'zod'
import { handOver } from '../../retraining/handOver.ts'
import { modelParams } from '../fields.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const handover = defineRoute({
  name: 'handOverEndpoint',
  method: 'POST',
  path: 'customers/{customerId}/models/{model}/handover',
  authLevel: 'admin',
  topic: 'customers',
  summary: 'The URL and key of an endpoint, once; through the gateway the reference to the key instead',
  params: modelParams,
  body: z.strictObject({
    again: z.boolean().default(false).meta({ description: 'Also when it was handed over before' }),
    gateway: z
      .boolean()
      .default(false)
      .meta({ description: 'No key: a subscription of the gateway is handed over' }),
  }),
  answer: z.object({
    url: z.string(),
    key: z.string().optional().meta({ description: 'A secret, told once' }),
    keyReference: z.string().optional(),
  }),
  audited: 'hand over endpoint',
  handsOutSecret: true,
  async handle(ports, { params, body, caller: by }) {
    const { customerId, model } = params
    const outcome = await handOver(ports, params, { ...body, by })
    switch (outcome.kind) {
      case 'unknown': {
        const detail = `Cannot hand over ${customerId}/${model}: there is no such model of such a customer`
        throw new Problem(404, 'no-such-model', detail)
      }
      case 'handedOver': {
        const at = new Date(outcome.lastAtMs).toISOString()
        const detail = `Cannot hand over ${customerId}/${model}: ${outcome.by} had it at ${at}; say again (--again) to hand it over once more`
        throw new Problem(409, 'handed-over', detail)
      }
      case 'key':
        return { body: { url: outcome.url, key: outcome.key } }
      case 'gateway':
        return { body: { url: outcome.scoringUrl, keyReference: outcome.keyReference } }
    }
  },
})

/** The customers' side. */
export const handoverRoutes: readonly Route[] = [handover]
