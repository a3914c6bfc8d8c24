import { z } from 'zod'
import { readHealth } from '../../retraining/readHealth.ts'
import { instant } from '../fields.ts'
import { defineRoute, type Route } from '../route.ts'

const status = z.enum(['ok', 'degraded', 'broken'])

const check = z.object({
  name: z.string().meta({ description: 'As in the deployment’s alert rules: last-poll, queue-age, poison' }),
  status,
  value: z.string().meta({ description: 'What was found' }),
  remedy: z.string().optional(),
})

const showHealth = defineRoute({
  name: 'showHealth',
  method: 'GET',
  path: 'health',
  authLevel: 'function',
  topic: 'health',
  summary: 'Whether the app does its work: 200 ok or degraded, 503 broken; cheap unless deep',
  query: z.object({
    always: z
      .stringbool({ truthy: ['true', '1', ''], falsy: ['false', '0'] })
      .default(false)
      .meta({ description: '200 also when broken, for people' }),
    deep: z
      .stringbool({ truthy: ['true', '1', ''], falsy: ['false', '0'] })
      .default(false)
      .meta({ description: 'Look at everything' }),
  }),
  answer: z.object({ status, checkedAt: instant, checks: z.array(check) }),
  statuses: [200, 503],
  async handle(ports, { query }) {
    const health = await readHealth(ports, query.deep)
    return { status: health.status === 'broken' && !query.always ? 503 : 200, body: health }
  },
})

/** Health. */
export const healthRoutes: readonly Route[] = [showHealth]
