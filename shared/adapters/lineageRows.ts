import { z } from 'zod'
import type { Happening } from '../retraining/happenings.ts'
import type { Life } from '../retraining/life.ts'
import type { Webhook } from '../retraining/webhook.ts'
import { type WireAnswer, wireCalls } from '../retraining/wireAnswers.ts'

const count = z.int().min(0)

/** What happened and was not told yet, in a head's row. */
export const happening: z.ZodType<Happening> = z.object({
  generation: count,
  what: z.enum(['live', 'rejected', 'failed', 'awaitingApproval']),
  atMs: z.number(),
  sequence: count.optional(),
  failures: count.optional(),
})

/** One time of going live, in a run's row. */
export const life: z.ZodType<Life> = z.object({
  sequence: count,
  atMs: z.number(),
  warrant: z.enum(['firstModel', 'gatePassed', 'override', 'rollback']).optional(),
  evidence: z.string().optional(),
})

/** One answer of a service or of the settings, in a run's row: as JSON text, so that none of its names means anything here. */
export const wireAnswer: z.ZodType<WireAnswer> = z.object({
  atMs: z.number(),
  call: z.enum(wireCalls),
  answer: z.string(),
})

/** Where events go. */
export const webhook: z.ZodType<Webhook> = z.object({
  url: z.url().max(2_000),
  secret: z
    .string()
    .regex(/^(?:env|file|keyvault):\w[\w.-]*$/, 'a reference: env:NAME, file:NAME or keyvault:NAME'),
})
