import { z } from 'zod'
import { id, instant } from '../fields.ts'
import { order, runState } from './modelView.ts'
import { decided, manifestView } from './whyView.ts'

const metrics = z.record(z.string(), z.number())
const file = z.object({ name: z.string(), sizeBytes: z.int(), sha256: z.string() })

/** A run in a list. */
export const runLine = z.object({
  customerId: id,
  model: id,
  generation: z.int(),
  state: runState,
  attempt: z.int(),
  reason: z.string().optional(),
  ...decided,
  metrics: metrics.optional(),
  openedAt: instant,
  updatedAt: instant,
  trainedAt: instant.optional(),
  liveAt: instant.optional(),
  endedAt: instant.optional(),
})

/** A run in a list, or the reason why its row can't be read. */
export const listedRun = z.union([
  runLine,
  z.object({
    customerId: id,
    model: id,
    generation: z.int(),
    problem: z.string().meta({ description: 'Why its row can’t be read; the rest is absent then' }),
  }),
])

/** How one limit of a gate came out, with the numbers that were compared. */
export const limitOutcome = z.object({
  limit: z.string(),
  outcome: z.enum(['held', 'broken', 'missing', 'notJudged']),
  candidate: z.number().optional(),
  live: z.number().optional(),
  bound: z.number().optional(),
})

const holdout = z.object({
  measuredAt: instant,
  blob: z.string(),
  rows: z.int().optional(),
  scored: z.int().optional(),
  live: z.int().optional(),
  candidate: metrics.optional(),
  champion: metrics.optional(),
  difference: z
    .object({
      measure: z.string(),
      better: z.number(),
      from: z.number(),
      to: z.number(),
      confidence: z.number(),
    })
    .optional(),
  problem: z.string().optional(),
})

const decision = z.object({
  decidedAt: instant,
  verdict: z.enum(['update', 'reject', 'approve']),
  gate: z.string(),
  live: z.int().optional(),
  limits: z.array(limitOutcome),
  band: z.array(limitOutcome).optional(),
  holdout: holdout.optional(),
})

const update = z.object({
  attempt: z.int(),
  claimedAt: instant,
  patchedAt: instant.optional(),
  deadlineAt: instant.optional(),
})

const entry = z.object({
  at: instant,
  text: z.string(),
  count: z.int().optional(),
  lastAt: instant.optional(),
})

/** A run whole, with its timeline and its manifest; what only the app itself needs is left out. */
export const runView = runLine.extend({
  trainingService: z.string(),
  jobId: z.string().optional(),
  jobStartedAt: instant.optional(),
  jobDeadlineAt: instant.optional(),
  usualJobSeconds: z.number().optional(),
  platformFailures: z.int(),
  cancel: order.optional(),
  cancelReason: z.string().optional(),
  retry: z.object({ count: z.int(), sinceAt: instant, dueAt: instant }).optional(),
  archive: z.object({ model: file, evaluation: file }).optional(),
  oddMetrics: z.record(z.string(), z.string()).optional(),
  holdout: holdout.optional(),
  decision: decision.optional(),
  update: update.optional(),
  evidence: z.string().optional(),
  redrivenAt: instant.optional(),
  timeline: z.array(entry),
  manifest: manifestView.optional().meta({ description: 'Absent where it is no longer kept' }),
})
