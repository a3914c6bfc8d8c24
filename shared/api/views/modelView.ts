import { z } from 'zod'
import { modelStates } from '../../retraining/modelState.ts'
import { runStates } from '../../retraining/runStates.ts'
import { id, instant } from '../fields.ts'

/** A run's state, as ARCHITECTURE.md lists them. */
export const runState = z.enum(runStates)

/** A model's state at a glance. */
export const modelState = z
  .enum(modelStates)
  .meta({ description: 'Of several that hold the first of: paused, quarantined, pinned, training, ...' })

/** A model in a list. */
export const modelLine = z.object({
  customerId: id,
  model: id,
  state: modelState.optional(),
  trainingService: z.string().optional(),
  live: z
    .object({ generation: z.int(), sinceAt: instant.optional() })
    .optional()
    .meta({ description: 'The generation that the endpoint answers with, checked' }),
  newest: z
    .object({ generation: z.int(), state: runState, reason: z.string().optional(), updatedAt: instant })
    .optional(),
  pending: z.boolean().optional().meta({ description: 'Whether drops wait for a generation' }),
  place: z.int().optional().meta({ description: 'Place in line at the training service, 1 for the first' }),
  problem: z.string().optional().meta({ description: 'Why its rows can’t be read; the rest is absent then' }),
})

/** Who ordered something, why and when. */
export const order = z.object({ by: z.string(), reason: z.string(), at: instant })

/** What orders a model, as its head says it. */
export const headView = z.object({
  lastGeneration: z.int(),
  live: z.int().optional(),
  inFlight: z.int().optional(),
  floor: z.int(),
  pin: order.extend({ generation: z.int() }).optional(),
  awaiting: z.array(z.int()).optional(),
  approved: z.array(z.int()).optional(),
  paused: order.optional(),
  retrain: order.optional(),
  breaker: z.object({ count: z.int(), generation: z.int(), lastAt: instant, reason: z.string() }).optional(),
  schedule: z
    .object({
      text: z.string(),
      nextAt: instant,
      last: z
        .object({ dueAt: instant, outcome: z.enum(['started', 'skipped']), reason: z.string() })
        .optional(),
    })
    .optional(),
  usualJobSeconds: z.number().optional(),
})
