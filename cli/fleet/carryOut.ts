import type { PlanStep } from '../../shared/fleet/plan.ts'
import { path } from '../apiClient.ts'
import type { Cli } from '../cli.ts'
import { eachModel, type Failure } from '../many/eachModel.ts'
import type { FleetPlan } from './planFleet.ts'
import { putModel, removeModel } from './putModel.ts'

/** How a plan is carried out. `bodies`: what is sent for each model that is added or changed, by its name. */
export type CarryOut = {
  bodies: ReadonlyMap<string, object>
  reason: string
  atOnce: number
  keepEndpoints: boolean
}

/** Carries out a plan: the services first, then every model; one model's failure never stops another's. */
export async function carryOut(cli: Cli, plan: FleetPlan, how: CarryOut): Promise<Failure[]> {
  for (const kind of ['training', 'predictive'] as const) {
    for (const step of plan[kind]) {
      if (step.kind !== 'remove') await cli.api.put(path('services', kind, step.name), { body: step.to })
    }
  }
  const steps = plan.models.map((step) => ({ ...keyOf(step.name), step }))
  const pace = { atOnce: how.atOnce, label: 'models' }
  return eachModel(cli, steps, pace, async ({ step, ...key }) => {
    if (step.kind === 'remove')
      await removeModel(cli, key, { reason: how.reason, keepEndpoint: how.keepEndpoints })
    else await putModel(cli, key, bodyOf(step, how))
  })
}

function bodyOf(step: PlanStep<object>, { bodies }: CarryOut): object {
  return bodies.get(step.name) ?? {}
}

function keyOf(name: string): { customerId: string; model: string } {
  const [customerId = '', model = ''] = name.split('/')
  return { customerId, model }
}
