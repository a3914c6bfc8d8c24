import { z } from 'zod'
import { globTest } from '../../lib/glob.ts'
import { backfill } from '../../retraining/backfill.ts'
import { planFleetRollback } from '../../retraining/planFleetRollback.ts'
import { id, instant, modelParams } from '../fields.ts'
import { knownModel } from '../operationAnswers.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const topic = 'operations'
const text = z.string().min(1).max(200)

const planRollback = defineRoute({
  name: 'planFleetRollback',
  method: 'GET',
  path: 'fleet/rollback',
  authLevel: 'function',
  topic,
  summary: 'Which models a rollback by query would put back, from what to what; changes nothing',
  query: z.object({
    trainedFrom: instant.optional(),
    trainedBefore: instant.optional(),
    trainingService: text.optional(),
    customers: text.default('*').meta({ description: 'A pattern of customer ids: * and ?' }),
    continuation: z.string().max(4_000).optional(),
  }),
  answer: z.object({
    items: z.array(
      z.object({
        customerId: id,
        model: id,
        from: z.int(),
        to: z.int().optional(),
        trainedAt: instant.optional(),
        trainingService: z.string(),
        skipped: z.string().optional(),
      }),
    ),
    continuation: z.string().optional(),
  }),
  async handle(ports, { query }) {
    const { trainedFrom, trainedBefore, trainingService, customers, continuation } = query
    if ((trainedFrom ?? trainedBefore ?? trainingService) === undefined) {
      const detail =
        'Cannot plan a rollback of the fleet: say which models, by when or by what they were trained'
      throw new Problem(400, 'no-query', detail)
    }
    const wanted = {
      trainedFromMs: trainedFrom === undefined ? undefined : Date.parse(trainedFrom),
      trainedBeforeMs: trainedBefore === undefined ? undefined : Date.parse(trainedBefore),
      trainingService,
      hasCustomer: globTest(customers),
    }
    const { items, next } = await planFleetRollback(ports, wanted, continuation)
    return { body: { items, continuation: next } }
  },
})

const backfillModel = defineRoute({
  name: 'backfillModel',
  method: 'POST',
  path: 'customers/{customerId}/models/{model}/backfill',
  authLevel: 'function',
  topic,
  summary:
    'Accepts what landed since and was never recorded, and starts what waits; goes on with `next` where it answers one',
  params: modelParams,
  body: z.strictObject({
    since: instant,
    again: z.boolean().optional().meta({ description: 'Train once more where everything was taken already' }),
    begunAt: instant.optional().meta({ description: 'With again: models with a run opened since are done' }),
    next: z.string().max(4_000).optional(),
  }),
  answer: z.object({
    customerId: id,
    model: id,
    found: z.int(),
    accepted: z.int(),
    next: z.string().optional(),
    outcome: z.enum(['started', 'idle', 'held']).optional(),
    generation: z.int().optional(),
    reason: z.string().optional(),
  }),
  audited: 'backfill',
  async handle(ports, { params, body, caller: by, reason }) {
    await knownModel(ports, params, 'backfill')
    const begunAtMs = body.begunAt === undefined ? ports.now() : Date.parse(body.begunAt)
    const order = {
      by,
      reason,
      again: body.again,
      sinceMs: Date.parse(body.since),
      begunAtMs,
      next: body.next,
    }
    const { outcome, ...done } = await backfill(ports, params, order)
    const { kind, ...more } = outcome ?? { kind: undefined }
    return { body: { ...params, ...done, ...more, outcome: kind } }
  },
})

/** What an operator does to many models: one call a model, so that each is on the audit log. */
export const fleetOperationRoutes: readonly Route[] = [planRollback, backfillModel]
