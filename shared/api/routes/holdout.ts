import { z } from 'zod'
import { keepHoldout, mostHoldoutBytes } from '../../retraining/keepHoldout.ts'
import { fileBody, modelParams } from '../fields.ts'
import { requireMatch, settingsChanged } from '../ifMatch.ts'
import { noSuchModel } from '../notFound.ts'
import { defineRoute, type Route } from '../route.ts'

const keepHoldoutRoute = defineRoute({
  name: 'keepHoldout',
  method: 'PUT',
  path: 'customers/{customerId}/models/{model}/holdout',
  authLevel: 'function',
  topic: 'gate',
  summary:
    'Keeps a CSV of held-out rows, which is the body, under a new name; a gate that compares on a holdout does so on this one from now on',
  params: modelParams,
  query: z.object({
    file: z
      .string()
      .min(1)
      .max(1_000)
      .default('holdout.csv')
      .meta({ description: 'The file’s own name; the blob’s name begins with it' }),
  }),
  body: fileBody,
  file: { type: 'text/csv', mostBytes: mostHoldoutBytes },
  answer: z.object({
    outcome: z.enum(['created', 'unchanged']).meta({ description: '`unchanged`: it was there already' }),
    blob: z.string().meta({ description: 'The name, as `gate.holdout.blob` takes it' }),
    rows: z.int(),
    columns: z.array(z.string()),
    use: z.enum(['switched', 'inUse', 'none']).meta({
      description: 'Whether the gate compares on it: from now on, as before, or its settings name no holdout',
    }),
    replaced: z.string().optional().meta({ description: 'The blob that it compared on before, which stays' }),
  }),
  statuses: [200, 201],
  audited: 'keep holdout',
  matches: true,
  async handle(ports, { params, query: { file }, body, ifMatch }) {
    const etag = await requireMatch(ports, params, ifMatch)
    const kept = await keepHoldout(ports, params, { file, bytes: body, etag })
    if (kept.kind === 'unknown') throw noSuchModel('keep a holdout of', params)
    if (kept.kind === 'changed') throw settingsChanged(params)
    return { status: kept.outcome === 'created' ? 201 : 200, body: kept }
  },
})

/** Rows that models are compared on. */
export const holdoutRoutes: readonly Route[] = [keepHoldoutRoute]
