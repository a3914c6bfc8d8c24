import { z } from 'zod'
import { eraseCustomer } from '../../retraining/eraseCustomer.ts'
import { planRetention } from '../../retraining/workRetention.ts'
import { id, instant, pageOf, paging } from '../fields.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const removal = z.object({
  customerId: id,
  model: id,
  generation: z.int(),
  kind: z.enum(['training set', 'model', 'run']),
  names: z.array(z.string()).meta({ description: 'Blobs that would go' }),
})

const showRetention = defineRoute({
  name: 'planRetention',
  method: 'GET',
  path: 'retention/plan',
  authLevel: 'function',
  topic: 'retention',
  summary:
    'What of all models has outlived its time; nothing is removed. A page covers 100 models, so it may be empty',
  query: paging.pick({ continuation: true }),
  answer: pageOf(removal),
  async handle(ports, { query }) {
    const { removals, next } = await planRetention(ports, query.continuation)
    return { body: { items: removals, continuation: next } }
  },
})

const counts = z.record(z.string(), z.int())

const receipt = z.object({
  v: z.literal(1),
  customer: z
    .string()
    .meta({ description: 'The pseudonym: erased- and the beginning of the SHA-256 of the id' }),
  startedAt: instant,
  erasedAt: instant,
  by: z.string(),
  counts,
  hash: z.string(),
})

const erase = defineRoute({
  name: 'eraseCustomer',
  method: 'POST',
  path: 'erasures',
  authLevel: 'admin',
  topic: 'retention',
  summary: 'Erases everything of a customer for a while; call again until state is erased',
  body: z.strictObject({
    customerId: id,
    force: z
      .boolean()
      .default(false)
      .meta({ description: 'Off-board the customer first: its endpoints are deleted' }),
  }),
  answer: z.object({
    state: z.enum(['waiting', 'going', 'erased']),
    waitsFor: z.string().optional(),
    counts: counts.optional(),
    receipt: receipt.optional(),
  }),
  statuses: [200, 202],
  // The path names no customer: the entry in the audit log stays.
  audited: 'erase customer',
  async handle(ports, { body: { customerId, force }, caller: by, reason }) {
    const erasing = await eraseCustomer(ports, customerId, { by, reason, force })
    switch (erasing.kind) {
      case 'unknown':
        throw new Problem(
          404,
          'no-such-customer',
          'Cannot erase the customer: there is nothing of it, and there was no erasure to go on with',
        )
      case 'notOffboarded': {
        const detail = `Cannot erase the customer: ${erasing.models.join(', ')} in service; off-board it first, or use force (--force)`
        throw new Problem(409, 'in-service', detail)
      }
      case 'waiting':
        return { status: 202, body: { state: 'waiting', waitsFor: erasing.missing } }
      case 'going':
        return { status: 202, body: { state: 'going', counts: erasing.counts } }
      case 'erased':
        return { body: { state: 'erased', receipt: erasing.receipt } }
    }
  },
})

/** What is kept, and what is not any more. */
export const retentionRoutes: readonly Route[] = [showRetention, erase]
