import { z } from 'zod'
import { findManifest } from '../../retraining/findManifest.ts'
import type { RunKey } from '../../retraining/names.ts'
import { redriveRun } from '../../retraining/redriveRun.ts'
import type { ApiPorts } from '../apiPorts.ts'
import { modelParams, pageOf, paging, runParams } from '../fields.ts'
import { noSuchModel, noSuchRun } from '../notFound.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { listedRun, runView } from '../views/runView.ts'

const path = 'customers/{customerId}/models/{model}/runs'

const listRuns = defineRoute({
  name: 'listRuns',
  method: 'GET',
  path,
  authLevel: 'function',
  topic: 'runs',
  summary: 'The runs of a model, the newest first',
  params: modelParams,
  query: paging,
  answer: pageOf(listedRun),
  async handle(ports, { params, query }) {
    const below = query.continuation === undefined ? undefined : Number(query.continuation)
    const runs = await ports.listRuns(params, query.limit + 1, below)
    if (runs.length === 0 && below === undefined && !(await isKnown(ports, params))) {
      throw noSuchModel('list the runs of', params)
    }
    const items = runs.slice(0, query.limit)
    const continuation = runs.length > query.limit ? String(items.at(-1)?.generation) : undefined
    return { body: { items, continuation } }
  },
})

/** A model that is off-boarded keeps its history. */
async function isKnown(ports: ApiPorts, key: Omit<RunKey, 'generation'>): Promise<boolean> {
  return (await ports.readSettings(key)) !== undefined || (await ports.readHead(key)) !== undefined
}

const showRun = defineRoute({
  name: 'showRun',
  method: 'GET',
  path: `${path}/{generation}`,
  authLevel: 'function',
  topic: 'runs',
  summary: 'One run whole: its numbers, its decision, its timeline and what it trained on',
  params: runParams,
  answer: runView,
  async handle(ports, { params }) {
    const stored = await ports.readRun(params)
    if (stored === undefined) throw noSuchRun('show', params)
    const manifest = await findManifest(ports, params, stored.value.manifest)
    return { body: { ...stored.value, manifest }, etag: stored.etag }
  },
})

const redrive = defineRoute({
  name: 'redriveRun',
  method: 'POST',
  path: `${path}/{generation}/redrive`,
  authLevel: 'function',
  topic: 'runs',
  summary: 'Sends an ended run again: a new attempt of the same generation, on the same input',
  params: runParams,
  answer: z.object({ outcome: z.enum(['redriven', 'underWay']), attempt: z.int().optional() }),
  audited: 'redrive run',
  async handle(ports, { params }) {
    if ((await ports.readRun(params)) === undefined) throw noSuchRun('redrive', params)
    const outcome = await redriveRun(ports, params)
    switch (outcome.kind) {
      case 'redriven':
        return { status: 202, body: { outcome: outcome.kind, attempt: outcome.attempt } }
      case 'underWay':
        return { body: { outcome: outcome.kind } }
      case 'refused': {
        const { customerId, model, generation } = params
        const detail = `Cannot redrive generation ${generation} of ${customerId}/${model}: ${outcome.reason}`
        throw new Problem(409, 'refused', detail)
      }
    }
  },
  statuses: [200, 202],
})

/** Runs. */
export const runRoutes: readonly Route[] = [listRuns, showRun, redrive]
