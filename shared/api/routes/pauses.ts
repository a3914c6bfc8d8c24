import { z } from 'zod'
import type { ModelKey } from '../../retraining/names.ts'
import {
  pauseAll,
  pauseModel,
  resumeAll,
  resumeModel,
  resumeWholeFleet,
} from '../../retraining/pauseModels.ts'
import type { ApiPorts } from '../apiPorts.ts'
import { customerParams, id, instant, modelParams } from '../fields.ts'
import { knownModel } from '../operationAnswers.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const model = 'customers/{customerId}/models/{model}'
const topic = 'operations'
const outcome = z.enum(['changed', 'unchanged'])
const answer = z.object({ customerId: id.optional(), model: id.optional(), outcome })

const pauseOne = defineRoute({
  name: 'pauseModel',
  method: 'POST',
  path: `${model}/pause`,
  authLevel: 'function',
  topic,
  summary: 'Pauses a model: drops are accepted and wait, a run in flight goes on',
  params: modelParams,
  answer,
  audited: 'pause model',
  async handle(ports, { params, caller: by, reason }) {
    await knownModel(ports, params, 'pause')
    return { body: { ...params, outcome: await pauseModel(ports, params, { by, reason }) } }
  },
})

const resumeOne = defineRoute({
  name: 'resumeModel',
  method: 'POST',
  path: `${model}/resume`,
  authLevel: 'function',
  topic,
  summary: 'Resumes a model: what waits starts',
  params: modelParams,
  answer,
  audited: 'resume model',
  async handle(ports, { params }) {
    await knownModel(ports, params, 'resume')
    return { body: { ...params, outcome: await resumeModel(ports, params) } }
  },
})

const pauseCustomer = defineRoute({
  name: 'pauseCustomer',
  method: 'POST',
  path: 'customers/{customerId}/pause',
  authLevel: 'function',
  topic,
  summary: 'Pauses all models of a customer',
  params: customerParams,
  answer,
  audited: 'pause customer',
  async handle(ports, { params: { customerId }, caller: by, reason }) {
    await modelsOf(ports, customerId, 'pause')
    await pauseAll(ports, customerId, { by, reason })
    return { body: { customerId, outcome: 'changed' } }
  },
})

const resumeCustomer = defineRoute({
  name: 'resumeCustomer',
  method: 'POST',
  path: 'customers/{customerId}/resume',
  authLevel: 'function',
  topic,
  summary: 'Resumes a customer; models that were paused by themselves stay so',
  params: customerParams,
  answer,
  audited: 'resume customer',
  async handle(ports, { params: { customerId } }) {
    const models = await modelsOf(ports, customerId, 'resume')
    return { body: { customerId, outcome: await resumeAll(ports, customerId, models) } }
  },
})

const pauseFleet = defineRoute({
  name: 'pauseFleet',
  method: 'POST',
  path: 'fleet/pause',
  authLevel: 'admin',
  topic,
  summary: 'Pauses every model of every customer',
  answer,
  audited: 'pause fleet',
  async handle(ports, { caller: by, reason }) {
    await pauseAll(ports, undefined, { by, reason })
    return { body: { outcome: 'changed' } }
  },
})

const resumeFleet = defineRoute({
  name: 'resumeFleet',
  method: 'POST',
  path: 'fleet/resume',
  authLevel: 'admin',
  topic,
  summary:
    'Resumes the fleet: what waits starts; of a very large fleet the rest with the next walk over all models',
  answer,
  audited: 'resume fleet',
  async handle(ports) {
    return { body: { outcome: await resumeWholeFleet(ports) } }
  },
})

const listPauses = defineRoute({
  name: 'listPauses',
  method: 'GET',
  path: 'pauses',
  authLevel: 'function',
  topic,
  summary: 'The pauses of customers and of the fleet (a model’s own stands with the model)',
  answer: z.object({
    items: z.array(
      z.object({ customerId: id.optional(), by: z.string(), reason: z.string(), pausedAt: instant }),
    ),
  }),
  async handle(ports) {
    const pauses = await ports.listPauses()
    return { body: { items: pauses.map(({ atMs, ...pause }) => ({ ...pause, pausedAtMs: atMs })) } }
  },
})

/** A customer's models; throws Problem 404 where there are none. */
async function modelsOf(ports: ApiPorts, customerId: string, verb: string): Promise<ModelKey[]> {
  const models: ModelKey[] = []
  let next: string | undefined
  do {
    const page = await ports.listSettings({ size: 100, customerId, next })
    models.push(...page.items.map((item) => ({ customerId, model: item.model })))
    next = page.next
  } while (next !== undefined)
  if (models.length > 0) return models
  const detail = `Cannot ${verb} ${customerId}: there is no such customer`
  throw new Problem(404, 'no-such-customer', detail)
}

/** Holding models back and letting them go on. */
export const pauseRoutes: readonly Route[] = [
  pauseOne,
  resumeOne,
  pauseCustomer,
  resumeCustomer,
  pauseFleet,
  resumeFleet,
  listPauses,
]
