import { z } from 'zod'
import type { DeclaredGate } from '../retraining/declaration.ts'
import { mostRows } from '../retraining/holdout.ts'
import { limitsProblem } from '../retraining/parseLimits.ts'

const mostTexts = 20

const limitTexts = z
  .array(
    z
      .string()
      .max(500)
      .superRefine((text, context) => {
        const problem = limitsProblem(text)
        const message = `limits such as AUC >= live - 0.005: ${problem}`
        if (problem !== undefined) context.addIssue({ code: 'custom', message })
      }),
  )
  .max(mostTexts)

/** A path inside the model's own folder: nothing that leaves it. */
const blob = z
  .string()
  .regex(/^[^\\\p{Cc}]{1,400}\.csv$/u, 'a path that ends in .csv')
  .refine((name) => name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), 'a path')

const holdout = z.strictObject({
  blob: blob.meta({ description: 'In container holdouts, below {customer}/{model}/' }),
  label: z.string().min(1),
  positive: z.string(),
  scored: z.string().min(1).meta({ description: 'The column of the endpoint’s answer that is compared' }),
  scoredIs: z.enum(['probability', 'label']).optional(),
  omit: z.array(z.string()).optional(),
  measure: z.enum(['AUC', 'Accuracy', 'Log Loss']),
  margin: z.number().min(0).meta({ description: 'How much worse than the live model the new one may be' }),
  confidence: z.number().gt(0).lt(1).optional(),
  unsure: z.enum(['update', 'approve', 'reject']).optional(),
  mostRows: z.int().min(2).max(mostRows).optional(),
  staging: z
    .string()
    .regex(/^[a-z0-9]{1,24}$/, 'an endpoint’s name: 24 characters or less, lower-case letters and digits')
    .meta({ description: 'An endpoint of the model’s predictive web service that answers no customer' }),
})

/** A gate as it is declared: when a trained model may reach the endpoint. */
export const gateFields: z.ZodType<DeclaredGate> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({
    kind: z.literal('limits'),
    limits: limitTexts,
    approval: z
      .union([z.enum(['never', 'always']), z.strictObject({ outside: limitTexts.min(1) })])
      .optional(),
    missing: z.enum(['reject', 'approve']).optional(),
    holdout: holdout.optional(),
  }),
])
