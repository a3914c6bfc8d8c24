import { z } from 'zod'
import { instant, pageOf, paging } from '../fields.ts'
import { defineRoute, type Route } from '../route.ts'

const unclaimed = z.object({
  name: z.string(),
  sizeBytes: z.int(),
  reason: z.string(),
  seenAt: instant,
})

const listUnclaimed = defineRoute({
  name: 'listUnclaimed',
  method: 'GET',
  path: 'unclaimed',
  authLevel: 'function',
  topic: 'fleet',
  summary: 'Drops that belong to nobody known, with the reason; a page may be short',
  query: paging,
  answer: pageOf(unclaimed),
  async handle(ports, { query: { limit: size, continuation: next } }) {
    const page = await ports.readUnclaimed(next === undefined ? { size } : { size, next })
    return { body: { items: page.drops, continuation: page.next } }
  },
})

/** Drops of nobody. */
export const unclaimedRoutes: readonly Route[] = [listUnclaimed]
