import { z } from 'zod'
import { type Exclusion, excludeDrop, includeDrop } from '../../retraining/excludeDrop.ts'
import { listDrops } from '../../retraining/listDrops.ts'
import type { ModelKey } from '../../retraining/names.ts'
import { offerUpload, renewUpload } from '../../retraining/offerUpload.ts'
import type { ModelSettingsStore } from '../../retraining/predictiveServices.ts'
import { generation, instant, modelParams, pageOf, paging } from '../fields.ts'
import { absentModel } from '../notFound.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const state = z.enum(['pending', 'taken', 'unchanged', 'excluded'])

const drop = z.object({
  id: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  state,
  generation: z.int().optional(),
  use: z.enum(['trained', 'spare', 'overwritten', 'refused']).optional(),
  reason: z.string().optional(),
  excludedFor: z.string().optional(),
  lastModifiedAt: instant,
  acceptedAt: instant,
})

const dropParams = modelParams.extend({
  dropId: z.string().regex(/^[0-9a-f]{32}-[0-9a-f]{16}$/, 'a drop’s id'),
})
const text = (what: string) => z.string().min(1).max(1_000).meta({ description: what })
const path = 'customers/{customerId}/models/{model}/drops'

const listDropsRoute = defineRoute({
  name: 'listDrops',
  method: 'GET',
  path,
  authLevel: 'function',
  topic: 'drops',
  summary: 'The drops of a model with what became of each',
  params: modelParams,
  query: paging.extend({
    state: state.optional(),
    generation: generation.optional(),
    reason: text('Found in why a drop was left out or not trained on').optional(),
  }),
  answer: pageOf(drop),
  async handle(ports, { params, query }) {
    await known(ports, params)
    const { limit, continuation, ...filter } = query
    const { drops, next } = await listDrops(ports, params, { ...filter, size: limit, next: continuation })
    return { body: { items: drops, continuation: next } }
  },
})

const offerDrop = defineRoute({
  name: 'offerDrop',
  method: 'POST',
  path,
  authLevel: 'function',
  topic: 'drops',
  summary: 'A URL that writes one new blob of training data, for 15 minutes',
  params: modelParams,
  body: z.strictObject({
    file: text('The file’s own name; the app makes the blob’s name of it').optional(),
    name: text('As `file`; or, to go on with an upload under way, the name that was answered').optional(),
  }),
  answer: z.object({
    name: z.string().meta({ description: 'The blob’s name in the container training-data' }),
    url: z.url().meta({ description: 'A secret: PUT the file there, with x-ms-blob-type: BlockBlob' }),
    expiresAt: instant,
  }),
  statuses: [201],
  audited: 'offer an upload',
  handsOutSecret: true,
  async handle(ports, { params, body: { file, name } }) {
    const wanted = file ?? name
    const isRenewal = file === undefined && name?.includes('/') === true
    if (wanted === undefined || (file !== undefined && name !== undefined)) {
      throw new Problem(400, 'no-file', 'Cannot offer an upload: name the file, either as file or as name')
    }
    await known(ports, params)
    if (!isRenewal) return { status: 201, body: await offerUpload(ports, params, wanted) }
    const renewed = await renewUpload(ports, params, wanted)
    if (typeof renewed === 'object') return { status: 201, body: renewed }
    const reason = renewed === 'uploaded' ? 'it is uploaded already' : 'it was not offered for this model'
    throw new Problem(
      409,
      renewed === 'uploaded' ? 'uploaded' : 'not-offered',
      `Cannot renew the upload: ${reason}`,
    )
  },
})

const changed = z.object({ outcome: z.enum(['changed', 'unchanged']) })

const excludeDropRoute = defineRoute({
  name: 'excludeDrop',
  method: 'POST',
  path: `${path}/{dropId}/exclude`,
  authLevel: 'function',
  topic: 'drops',
  summary: 'Leaves a drop out of every set that is not opened yet',
  params: dropParams,
  answer: changed,
  audited: 'exclude drop',
  async handle(ports, { params, reason }) {
    return answerOf(params, await excludeDrop(ports, params, params.dropId, reason))
  },
})

const includeDropRoute = defineRoute({
  name: 'includeDrop',
  method: 'POST',
  path: `${path}/{dropId}/include`,
  authLevel: 'function',
  topic: 'drops',
  summary: 'Takes an excluded drop in again',
  params: dropParams,
  answer: changed,
  audited: 'include drop',
  async handle(ports, { params }) {
    return answerOf(params, await includeDrop(ports, params, params.dropId))
  },
})

type Params = z.output<typeof dropParams>

function answerOf(
  { customerId, model, dropId }: Params,
  outcome: Exclusion,
): { body: { outcome: Exclusion } } {
  if (outcome !== 'unknown') return { body: { outcome } }
  const detail = `Cannot change drop ${dropId}: ${customerId}/${model} has none of this id`
  throw new Problem(404, 'no-such-drop', detail)
}

/** A model that is not known has no drops to show and none to take. */
async function known(
  ports: Pick<ModelSettingsStore, 'readWritten'> & { readSettings(key: ModelKey): Promise<unknown> },
  { customerId, model }: ModelKey,
): Promise<void> {
  if ((await ports.readSettings({ customerId, model })) !== undefined) return
  throw await absentModel(ports, 'use', { customerId, model })
}

/** Training data: what came, what is left out, and where more may be uploaded. */
export const dropRoutes: readonly Route[] = [listDropsRoute, offerDrop, excludeDropRoute, includeDropRoute]
