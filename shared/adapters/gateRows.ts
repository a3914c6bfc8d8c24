import { z } from 'zod'
import type { Decision, Override } from '../retraining/decision.ts'
import type { Holdout, HoldoutResult } from '../retraining/holdout.ts'
import { mostRows } from '../retraining/holdout.ts'
import type { LimitOutcome } from '../retraining/limits.ts'
import { parseLimits } from '../retraining/parseLimits.ts'
import type { Measuring } from '../retraining/run.ts'
import type { Gate } from '../retraining/settings.ts'

const count = z.int().min(0)
const instant = z.number()
const figures = z.record(z.string(), z.number())
const measure = z.enum(['AUC', 'Accuracy', 'Log Loss'])
const mostTexts = 20

const limitText = z
  .string()
  .max(500)
  .refine((text) => parseLimits(text).kind === 'limits', 'no limits such as AUC >= live - 0.005')
const limitTexts = z.array(limitText).max(mostTexts)

/** A path inside the model's own folder: nothing that leaves it. */
const blobName = z
  .string()
  .regex(/^[^\\\p{Cc}]{1,400}\.csv$/u)
  .refine((name) => name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), 'a path')

/** An endpoint as it stands in a model's settings: its key is a reference. */
export const endpoint = z.object({
  url: z.url(),
  scoringUrl: z.url(),
  apiKey: z.string().min(1),
  resourceName: z.string().min(1),
  inputPort: z.string().min(1).optional(),
  outputPort: z.string().min(1).optional(),
})

const holdout: z.ZodType<Holdout> = z.object({
  blob: blobName,
  label: z.string().min(1),
  positive: z.string(),
  scored: z.string().min(1),
  scoredIs: z.enum(['probability', 'label']).optional(),
  omit: z.array(z.string()).optional(),
  measure,
  margin: z.number().min(0),
  confidence: z.number().gt(0).lt(1).optional(),
  unsure: z.enum(['update', 'approve', 'reject']).optional(),
  mostRows: z.int().min(2).max(mostRows).optional(),
  staging: endpoint,
})

/** A gate as it stands in a model's settings. */
export const gate: z.ZodType<Gate> = z.union([
  z.object({ kind: z.literal('always') }),
  z.object({
    kind: z.literal('limits'),
    limits: limitTexts,
    approval: z.union([z.enum(['never', 'always']), z.object({ outside: limitTexts.min(1) })]).optional(),
    missing: z.enum(['reject', 'approve']).optional(),
    holdout: holdout.optional(),
  }),
])

const outcome: z.ZodType<LimitOutcome> = z.object({
  limit: z.string(),
  outcome: z.enum(['held', 'broken', 'missing', 'notJudged']),
  candidate: z.number().optional(),
  live: z.number().optional(),
  bound: z.number().optional(),
})

const difference = z.object({
  measure,
  better: z.number(),
  from: z.number(),
  to: z.number(),
  confidence: z.number(),
})

/** What scoring both models on the same rows came to, on a run's row. */
export const holdoutResult: z.ZodType<HoldoutResult> = z.object({
  measuredAtMs: instant,
  blob: z.string(),
  etag: z.string().optional(),
  rows: count.optional(),
  scored: count.optional(),
  live: count.optional(),
  candidate: figures.optional(),
  champion: figures.optional(),
  difference: difference.optional(),
  problem: z.string().optional(),
})

/** What the gate decided, on a run's row. */
export const decision: z.ZodType<Decision> = z.object({
  decidedAtMs: instant,
  verdict: z.enum(['update', 'reject', 'approve']),
  gate: z.string(),
  live: count.optional(),
  limits: z.array(outcome),
  band: z.array(outcome).optional(),
  holdout: holdoutResult.optional(),
})

/** What a person decided, on a run's row. */
export const override: z.ZodType<Override> = z.object({
  kind: z.enum(['approved', 'rejected']),
  by: z.string(),
  reason: z.string(),
  decidedAtMs: instant,
})

/** Where comparing on the holdout stands, on a run's row. */
export const measuring: z.ZodType<Measuring> = z.object({
  startedAtMs: instant,
  owner: z.string(),
  dueAtMs: instant,
})
