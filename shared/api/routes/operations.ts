import { z } from 'zod'
import { cancelRun } from '../../retraining/cancelRun.ts'
import type { ModelKey } from '../../retraining/names.ts'
import { releaseModel } from '../../retraining/pauseModels.ts'
import { retrain } from '../../retraining/retrain.ts'
import { rollback, unpin } from '../../retraining/rollback.ts'
import { modelParams, runParams } from '../fields.ts'
import { knownModel, refused } from '../operationAnswers.ts'
import { defineRoute, type Route } from '../route.ts'

const path = 'customers/{customerId}/models/{model}'
const names = { customerId: z.string(), model: z.string() }
const topic = 'operations'

const rollbackModel = defineRoute({
  name: 'rollbackModel',
  method: 'POST',
  path: `${path}/rollback`,
  authLevel: 'function',
  topic,
  summary:
    'Puts an archived model back on the endpoint and pins it: the generation given, or the one live before',
  params: modelParams,
  body: z.strictObject({ to: z.int().min(1).optional() }).default({}),
  answer: z.object({
    ...names,
    outcome: z.enum(['begun', 'unchanged']),
    from: z.int().optional(),
    to: z.int(),
  }),
  audited: 'roll back',
  async handle(ports, { params, body, caller: by, reason }) {
    await knownModel(ports, params, 'roll back')
    const answer = await rollback(ports, params, { by, reason, to: body.to })
    if (answer.kind === 'refused') throw refused('roll back', params, answer.reason)
    return { body: { ...params, ...answer, outcome: answer.kind } }
  },
})

const unpinModel = defineRoute({
  name: 'unpinModel',
  method: 'POST',
  path: `${path}/unpin`,
  authLevel: 'function',
  topic,
  summary: 'Takes the pin of a rollback away: the next generation that opens goes live again',
  params: modelParams,
  answer: z.object({ ...names, outcome: z.enum(['unpinned', 'unchanged']) }),
  audited: 'unpin',
  async handle(ports, { params, caller }) {
    await knownModel(ports, params, 'unpin')
    const answer = await unpin(ports, params, caller)
    if (answer.kind === 'refused') throw refused('unpin', params, answer.reason)
    return { body: { ...params, outcome: answer.kind } }
  },
})

const cancel = defineRoute({
  name: 'cancelRun',
  method: 'POST',
  path: `${path}/runs/{generation}/cancel`,
  authLevel: 'function',
  topic,
  summary: 'Cancels a run that is not trained yet, or waits for approval; a running job is told to stop',
  params: runParams,
  answer: z.object({ ...names, generation: z.int(), outcome: z.enum(['cancelled', 'stopping']) }),
  audited: 'cancel run',
  async handle(ports, { params, caller: by, reason }) {
    const answer = await cancelRun(ports, params, { by, reason })
    if (answer.kind === 'refused')
      throw refused(`cancel generation ${params.generation} of`, params, answer.reason)
    return { body: { ...params, outcome: answer.kind } }
  },
})

const retrainModel = defineRoute({
  name: 'retrainModel',
  method: 'POST',
  path: `${path}/retrain`,
  authLevel: 'function',
  topic,
  summary:
    'Opens a generation of what waits now; with `again` and nothing waiting it trains once more on the data before',
  params: modelParams,
  body: z.strictObject({ again: z.boolean().optional() }).default({}),
  answer: z.object({ ...names, generation: z.int(), after: z.int().optional() }),
  statuses: [202],
  audited: 'retrain',
  async handle(ports, { params, body, caller: by, reason }) {
    await knownModel(ports, params, 'retrain')
    const answer = await retrain(ports, params, { by, reason, again: body.again })
    if (answer.kind === 'refused') throw refused('retrain', params, answer.reason)
    return { status: 202, body: { ...params, ...answer } }
  },
})

const release = defineRoute({
  name: 'releaseModel',
  method: 'POST',
  path: `${path}/release`,
  authLevel: 'function',
  topic,
  summary: 'Ends a quarantine by hand: the row of failed runs is forgotten, and what waits starts',
  params: modelParams,
  answer: z.object({ ...names, outcome: z.enum(['changed', 'unchanged']) }),
  audited: 'release',
  async handle(ports, { params }) {
    await knownModel(ports, params, 'release')
    const key: ModelKey = params
    return { body: { ...params, outcome: await releaseModel(ports, key) } }
  },
})

/** What an operator does to one model or run. */
export const operationRoutes: readonly Route[] = [rollbackModel, unpinModel, cancel, retrainModel, release]
