import { z } from 'zod'
import type { AuditLog } from '../../retraining/audit.ts'
import { id, instant, pageOf, paging } from '../fields.ts'
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
  query: paging.extend({
    customerId: id
      .optional()
      .meta({ description: 'Only what was asked of this customer; a page may be short' }),
  }),
  answer: pageOf(z.union([entry, damagedEntry])),
  async handle(ports, { query }) {
    const { limit: size, customerId } = query
    const untilMs = ports.now() + walkMs
    let page = await ports.listAudit({ size, next: query.continuation })
    while (shown(page, customerId).length === 0 && page.next !== undefined && ports.now() < untilMs) {
      page = await ports.listAudit({ size, next: page.next })
    }
    return { body: { items: shown(page, customerId), continuation: page.next } }
  },
})

/** A request with a filter reads on for this long, then says where to go on. */
const walkMs = 20_000

type Page = Awaited<ReturnType<AuditLog['listAudit']>>

/** In their order; an entry that can't be read may be of anybody. */
function shown({ items, damaged }: Page, customerId: string | undefined) {
  const own = customerId === undefined ? items : items.filter((one) => isOf(one, customerId))
  return [...own, ...damaged].toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

function isOf({ target }: { target: string }, customerId: string): boolean {
  return `${target}/`.startsWith(`customers/${customerId}/`)
}

/** The audit log. */
export const auditRoutes: readonly Route[] = [listAudit]
