import { z } from 'zod'
import { instant, pageOf, paging } from '../fields.ts'
import { defineRoute, type Route } from '../route.ts'

const entry = z.object({
  id: z.string(),
  what: z.string(),
  target: z.string(),
  by: z.string(),
  reason: z.string(),
  requestId: z.string(),
  outcome: z.enum(['begun', 'done', 'refused', 'failed']),
  status: z.int().optional(),
  detail: z.string().optional(),
  beganAt: instant,
  endedAt: instant.optional(),
})

const damagedEntry = z.object({
  id: z.string(),
  beganAt: instant,
  problem: z.string().meta({ description: 'Why the entry can’t be read; the rest is absent then' }),
})

const listAudit = defineRoute({
  name: 'listAudit',
  method: 'GET',
  path: 'audit',
  authLevel: 'function',
  topic: 'audit',
  summary: 'Who changed what and why, the newest first',
  query: paging,
  answer: pageOf(z.union([entry, damagedEntry])),
  async handle(ports, { query }) {
    const { items, damaged, next } = await ports.listAudit({ size: query.limit, next: query.continuation })
    const inOrder = [...items, ...damaged].toSorted((one, other) => (one.id < other.id ? -1 : 1))
    return { body: { items: inOrder, continuation: next } }
  },
})

/** The audit log. */
export const auditRoutes: readonly Route[] = [listAudit]
