import { z } from 'zod'
import { modelBody } from '../../fleet/modelFields.ts'
import { pausesOf, readState } from '../../retraining/countFleet.ts'
import { emptyHead } from '../../retraining/head.ts'
import { id, modelParams } from '../fields.ts'
import { absentModel } from '../notFound.ts'
import { defineRoute, type Route } from '../route.ts'
import { settingsTag } from '../settingsTag.ts'
import { headView, modelState } from '../views/modelView.ts'
import { settingsView } from '../views/settingsView.ts'

const reference = z
  .string()
  .meta({ description: 'Where its key is kept, `keyvault:NAME`; never the key itself' })

const showModel = defineRoute({
  name: 'showModel',
  method: 'GET',
  path: 'customers/{customerId}/models/{model}',
  authLevel: 'function',
  topic: 'models',
  summary:
    'A model’s settings as PUT takes them, its endpoint and where it stands; the ETag is of the settings',
  params: modelParams,
  answer: z.object({
    customerId: id,
    model: id,
    state: modelState,
    settings: modelBody,
    endpoint: z.object({
      url: z.string(),
      scoringUrl: z.string(),
      resourceName: z.string(),
      keyReference: reference,
    }),
    head: headView,
  }),
  async handle(ports, { params }) {
    const settings = await ports.readSettings(params)
    if (settings === undefined) throw await absentModel(ports, 'show', params)
    const pauses = pausesOf(params.customerId, await ports.listPauses())
    const declared = settingsView((await ports.readWritten(params))?.settings ?? settings)
    const { url, scoringUrl, resourceName, apiKey } = settings.endpoint
    const body = {
      ...params,
      state: await readState(ports, settings, pauses),
      settings: declared,
      endpoint: { url, scoringUrl, resourceName, keyReference: referenceOnly(apiKey) },
      head: (await ports.readHead(params))?.value ?? emptyHead,
    }
    return { body, etag: settingsTag(declared) }
  },
})

/** A row that was written by hand may hold the key itself, which does not work and must not be shown. */
function referenceOnly(text: string): string {
  return /^(?:env|file|keyvault):[\w.-]+$/.test(text) ? text : '[no reference]'
}

/** One model. */
export const showModelRoutes: readonly Route[] = [showModel]
