import { explainModel } from '../../retraining/explainModel.ts'
import { modelParams } from '../fields.ts'
import { absentModel } from '../notFound.ts'
import { defineRoute, type Route } from '../route.ts'
import { whyView } from '../views/whyView.ts'

const explainRoute = defineRoute({
  name: 'explainModel',
  method: 'GET',
  path: 'customers/{customerId}/models/{model}/why',
  authLevel: 'function',
  topic: 'models',
  summary: 'What answers now, since when, from which drops; what waits, and for what',
  params: modelParams,
  answer: whyView,
  async handle(ports, { params }) {
    const explanation = await explainModel(ports, params)
    if (explanation === undefined) throw await absentModel(ports, 'explain', params)
    return { body: explanation }
  },
})

/** Why a model stands where it stands. */
export const whyRoutes: readonly Route[] = [explainRoute]
