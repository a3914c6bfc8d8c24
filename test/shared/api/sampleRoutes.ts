import { z } from 'zod'
import { modelParams, pageOf, paging } from '../../../shared/api/fields.ts'
import { Problem } from '../../../shared/api/problem.ts'
import { defineRoute } from '../../../shared/api/route.ts'
import { RetryableError, TerminalError } from '../../../shared/retraining/errors.ts'

const common = { authLevel: 'function', topic: 'tests', summary: 'a test' } as const

const thrown: Record<string, () => Error> = {
  problem: () => new Problem(404, 'no-such-thing', 'Cannot show x: there is no such thing'),
  terminal: () => new TerminalError('Cannot do it: https://a.example/b?sig=abc is wrong'),
  retryable: () => new RetryableError('Cannot do it: busy', { retryAfterSeconds: 7.2 }),
  unknown: () => new Error('inner words'),
}

/** A write that takes a body, and answers more than its schema names. */
export const paint = defineRoute({
  ...common,
  name: 'paint',
  method: 'POST',
  path: 'paint/{customerId}/{model}',
  params: modelParams,
  query: z.object({ shade: z.enum(['dark', 'light']).optional() }),
  body: z.strictObject({ colour: z.string().min(2), layers: z.int().positive().default(1) }),
  answer: z.object({ colour: z.string(), layers: z.int(), by: z.string(), paintedAt: z.iso.datetime() }),
  audited: 'paint it',
  handle: async (_ports, { body, caller }) => ({
    status: 202,
    body: { ...body, by: caller, paintedAtMs: 0, apiKey: 'hidden' },
    etag: `W/"datetime'2026'"`,
  }),
})

/** A write that throws what its path says. */
export const fail = defineRoute({
  ...common,
  name: 'fail',
  method: 'POST',
  path: 'fail/{how}',
  params: z.object({ how: z.string() }),
  answer: z.object({}),
  audited: 'fail',
  handle: async (_ports, { params }) => {
    throw thrown[params.how]?.()
  },
})

/** A paged list without an end. */
export const numbers = defineRoute({
  ...common,
  name: 'numbers',
  method: 'GET',
  path: 'numbers',
  query: paging.extend({ from: z.string().optional() }),
  answer: pageOf(z.number()),
  handle: async (_ports, { query }) => {
    const first = Number(query.continuation ?? 0)
    const items = Array.from({ length: query.limit }, (_, index) => first + index)
    return { body: { items, continuation: String(first + query.limit) }, etag: 'v1' }
  },
})
