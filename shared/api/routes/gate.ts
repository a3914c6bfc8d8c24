import { z } from 'zod'
import { approveRun } from '../../retraining/approveRun.ts'
import { printLimit } from '../../retraining/limits.ts'
import type { RunKey } from '../../retraining/names.ts'
import { limitsProblem, readLimits } from '../../retraining/parseLimits.ts'
import { rejectRun } from '../../retraining/rejectRun.ts'
import type { Run } from '../../retraining/run.ts'
import { type WhatIfCursor, whatIf } from '../../retraining/whatIf.ts'
import type { ApiPorts } from '../apiPorts.ts'
import { id, instant, modelParams, pageOf, paging, runParams } from '../fields.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { limitOutcome } from '../views/runView.ts'

const dayMs = 24 * 3_600_000

const decided = z.object({
  customerId: id,
  model: id,
  generation: z.int(),
  outcome: z.enum(['approved', 'rejected', 'again']),
})

const approve = defineRoute({
  name: 'approveRun',
  method: 'POST',
  path: 'customers/{customerId}/models/{model}/runs/{generation}/approve',
  authLevel: 'function',
  topic: 'gate',
  summary: 'Sends a model that waits for an approval, or that the gate rejected, to its endpoint',
  params: runParams,
  answer: decided,
  audited: 'approve run',
  async handle(ports, { params, caller: by, reason }) {
    const approval = await approveRun(ports, params, { by, reason })
    if (approval.kind === 'refused') throw refused('approve', params, approval.reason)
    return { body: { ...params, outcome: approval.kind } }
  },
})

const reject = defineRoute({
  name: 'rejectRun',
  method: 'POST',
  path: 'customers/{customerId}/models/{model}/runs/{generation}/reject',
  authLevel: 'function',
  topic: 'gate',
  summary: 'Ends a run that waits for an approval; the live model stays',
  params: runParams,
  answer: decided,
  audited: 'reject run',
  async handle(ports, { params, caller: by, reason }) {
    const rejection = await rejectRun(ports, params, { by, reason })
    if (rejection.kind === 'refused') throw refused('reject', params, rejection.reason)
    return { body: { ...params, outcome: rejection.kind } }
  },
})

function refused(verb: string, { customerId, model, generation }: RunKey, reason: string): Problem {
  const detail = `Cannot ${verb} generation ${generation} of ${customerId}/${model}: ${reason}`
  return /no such run/.test(reason)
    ? new Problem(404, 'no-such-run', detail)
    : new Problem(409, 'refused', detail)
}

const waiting = z.object({
  generation: z.int(),
  verdict: z.string(),
  trainedAt: instant.optional(),
})

const listAwaiting = defineRoute({
  name: 'listAwaiting',
  method: 'GET',
  path: 'customers/{customerId}/models/{model}/awaiting',
  authLevel: 'function',
  topic: 'gate',
  summary: 'Generations that wait for an approval, with what the gate says of each',
  params: modelParams,
  answer: z.object({ items: z.array(waiting) }),
  async handle(ports, { params }) {
    const { customerId, model } = params
    if ((await ports.readSettings(params)) === undefined) {
      throw new Problem(
        404,
        'no-such-model',
        `Cannot list what waits of ${customerId}/${model}: there is no such model`,
      )
    }
    return { body: { items: await readAwaiting(ports, params) } }
  },
})

async function readAwaiting(ports: ApiPorts, key: Omit<RunKey, 'generation'>) {
  const generations = (await ports.readHead(key))?.value.awaiting ?? []
  const runs = await Promise.all(generations.map((generation) => ports.readRun({ ...key, generation })))
  return runs.flatMap((stored) =>
    stored?.value.state === 'awaitingApproval' ? [waitingView(stored.value)] : [],
  )
}

function waitingView({ generation, verdict, trainedAtMs }: Run) {
  return { generation, verdict: verdict ?? '', trainedAtMs }
}

const limitText = z
  .string()
  .min(1)
  .max(500)
  .superRefine((text, context) => {
    const message = limitsProblem(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

const outcome = z.enum(['update', 'approve', 'reject'])

const changed = z.object({
  customerId: id,
  model: id,
  generation: z.int(),
  state: z.string(),
  openedAt: instant,
  was: outcome,
  wouldBe: outcome,
  live: z.int().optional(),
  text: z.string(),
  limits: z.array(limitOutcome),
})

const judgeAnew = defineRoute({
  name: 'whatIfGate',
  method: 'POST',
  path: 'gate/what-if',
  authLevel: 'function',
  topic: 'gate',
  summary:
    'Judges past runs as if their gates had other limits, lists whose outcome would change; changes nothing',
  readsOnly: true,
  query: paging,
  body: z.strictObject({
    gate: limitText.meta({ description: 'Limits, as AUC >= live - 0.005 and Recall >= 0.2' }),
    sinceDays: z.number().positive().max(3_650).default(90),
    customers: z.array(id).max(1_000).optional(),
  }),
  answer: pageOf(changed).extend({
    gate: z.string(),
    judged: z.int(),
    models: z.int(),
    unreadable: z.array(z.object({ customerId: id, model: id })),
  }),
  async handle(ports, { query, body }) {
    const { gate: text, sinceDays, customers } = body
    const asked = {
      limits: [text],
      sinceMs: ports.now() - sinceDays * dayMs,
      customers: customers && new Set(customers),
    }
    const from =
      query.continuation === undefined ? { models: 0 } : (JSON.parse(query.continuation) as WhatIfCursor)
    const { changed: items, cursor, ...found } = await whatIf(ports, asked, { from, most: query.limit })
    const continuation = cursor && JSON.stringify(cursor)
    const gate = readLimits(text).map(printLimit).join(' and ')
    return { body: { gate, items, ...found, continuation } }
  },
})

/** What the gate asks of people, and what it would have said. */
export const gateRoutes: readonly Route[] = [approve, reject, listAwaiting, judgeAnew]
