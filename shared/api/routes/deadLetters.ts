import { z } from 'zod'
import { dismissLetter, isOpenLetter } from '../../retraining/dismissLetter.ts'
import { resendLetter } from '../../retraining/resendLetter.ts'
import { type ResentLetter, resendLetters } from '../../retraining/resendLetters.ts'
import { instant, pageOf, paging } from '../fields.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const about = {
  id: z.string(),
  source: z.string().meta({ description: 'The queue it came from; `runs` for a run that gave up' }),
  customerId: z.string().optional(),
  model: z.string().optional(),
  generation: z.int().optional(),
}

const letter = z.object({
  ...about,
  reason: z.string(),
  body: z.string().meta({ description: 'What is sent again, as text' }),
  recordedAt: instant,
  resentAt: instant.optional(),
  dismissedAt: instant.optional(),
})

const open = z
  .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })
  .optional()
  .meta({ description: 'Only those that were neither sent again yet nor put aside' })

const listDeadLetters = defineRoute({
  name: 'listDeadLetters',
  method: 'GET',
  path: 'dead-letters',
  authLevel: 'function',
  topic: 'dead letters',
  summary:
    'What could not be done and needs a person, the newest of a page first; with `open` a page may be short',
  query: paging.extend({ open }),
  answer: pageOf(letter),
  async handle(ports, { query }) {
    const { limit: size, continuation: next, open: isOpen } = query
    const page = await ports.readDeadLetters(next === undefined ? { size } : { size, next })
    const items = page.letters.filter((letter) => isOpen !== true || isOpenLetter(letter))
    return { body: { items, continuation: page.next } }
  },
})

const outcome = z
  .enum(['sent', 'again', 'refused'])
  .meta({ description: '`again`: it was sent before, and was not sent a second time' })

const letterParams = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/, 'a dead letter’s id, 64 hexadecimal digits'),
})

const redriveDeadLetter = defineRoute({
  name: 'redriveDeadLetter',
  method: 'POST',
  path: 'dead-letters/{id}/redrive',
  authLevel: 'function',
  topic: 'dead letters',
  summary: 'Sends one dead letter again',
  params: letterParams,
  answer: z.object({ ...about, outcome }),
  audited: 'redrive dead letter',
  async handle(ports, { params: { id } }) {
    const found = await ports.readDeadLetter(id)
    if (found === undefined) {
      const detail = `Cannot send dead letter ${id} again: there is no such letter`
      throw new Problem(404, 'no-such-letter', detail)
    }
    const resent = await resendLetter(ports, id)
    if (resent.kind !== 'refused') return { body: { ...found, outcome: resent.kind } }
    throw new Problem(409, 'refused', `Cannot send dead letter ${id} again: ${resent.reason}`)
  },
})

const dismissDeadLetter = defineRoute({
  name: 'dismissDeadLetter',
  method: 'POST',
  path: 'dead-letters/{id}/dismiss',
  authLevel: 'function',
  topic: 'dead letters',
  summary: 'Puts a dead letter aside that needs nothing any more; it stays listed, and is not open',
  params: letterParams,
  answer: z.object({ id: z.string(), outcome: z.enum(['dismissed', 'again']) }),
  audited: 'dismiss dead letter',
  async handle(ports, { params: { id } }) {
    const outcome = await dismissLetter(ports, id)
    if (outcome !== 'unknown') return { body: { id, outcome } }
    const detail = `Cannot dismiss dead letter ${id}: there is no such letter`
    throw new Problem(404, 'no-such-letter', detail)
  },
})

/** A request sends letters for this long, then says where to go on. */
const walkMs = 20_000

const redriveDeadLetters = defineRoute({
  name: 'redriveDeadLetters',
  method: 'POST',
  path: 'dead-letters/redrive',
  authLevel: 'function',
  topic: 'dead letters',
  summary: 'Sends dead letters again that were not sent yet: all, or a few as a canary',
  query: paging.pick({ continuation: true }),
  body: z
    .strictObject({ all: z.literal(true).optional(), canary: z.int().min(1).max(100).optional() })
    .refine(({ all, canary }) => (all === undefined) !== (canary === undefined), 'either all or canary'),
  answer: z.object({
    sent: z.array(z.object({ ...about, outcome, reason: z.string().optional() })),
    continuation: z
      .string()
      .optional()
      .meta({ description: 'There are more than fit in one request: ask again with it' }),
  }),
  audited: 'redrive dead letters',
  async handle(ports, { query, body }) {
    const most = body.canary ?? Number.POSITIVE_INFINITY
    const bounds = { most, from: query.continuation, untilMs: ports.now() + walkMs }
    const { sent, next } = await resendLetters(ports, bounds)
    return { body: { sent: sent.map(sentView), continuation: next } }
  },
})

function sentView({ letter, resent }: ResentLetter) {
  const { id, source, customerId, model, generation } = letter
  const reason = resent.kind === 'refused' ? resent.reason : undefined
  return { id, source, customerId, model, generation, outcome: resent.kind, reason }
}

/** Dead letters. */
export const deadLetterRoutes: readonly Route[] = [
  listDeadLetters,
  redriveDeadLetter,
  dismissDeadLetter,
  redriveDeadLetters,
]
