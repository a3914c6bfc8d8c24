import { z } from 'zod'
import { isId } from '../retraining/names.ts'

/** A customer's or a model's id. */
export const id = z
  .string()
  .refine(isId, 'lower-case letters, digits and dashes, at most 63, first no dash')
  .meta({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })

/** A generation in a path. */
export const generation = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'a whole number from 1 on')
  .transform(Number)

/** The path of a customer, of a model and of a run. */
export const customerParams = z.object({ customerId: id })
export const modelParams = z.object({ customerId: id, model: id })
export const runParams = z.object({ customerId: id, model: id, generation })

/** An instant in an answer or a body, ISO 8601 in UTC. */
export const instant = z.iso.datetime()

/** The body of a route that takes a file: its bytes. */
export const fileBody = z.instanceof(Uint8Array, { error: 'there is none: the file is the body' })

const mostItems = 500
const usualItems = 100

/** How many items a page has at most, as `limit=` says it. */
export const limit = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, `a whole number from 1 to ${mostItems}`)
  .transform(Number)
  .refine((count) => count <= mostItems, `at most ${mostItems}`)
  .default(usualItems)
  .meta({ description: `Items of a page, 1 to ${mostItems}` })

/**
 * Query of a paged list; more fields by `paging.extend({ ... })`. The framework opens `continuation` before the handler sees
 * it (a store's own `next`) and seals the one that the handler answers.
 */
export const paging = z.object({
  limit,
  continuation: z.string().max(4_000).optional().meta({ description: 'From the page before' }),
})

/** The answer of a paged list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), continuation: z.string().optional() })
}
