import { hash } from '../../../shared/adapters/keys.ts'
import { createWebServiceTable } from '../../../shared/adapters/webServiceTable.ts'
import {
  completeDeclaration,
  type Declaration,
  type GivenDeclaration,
} from '../../../shared/retraining/declaration.ts'
import { offboardModel } from '../../../shared/retraining/offboardModel.ts'
import { type Onboarding, onboardModel } from '../../../shared/retraining/onboardModel.ts'
import type { CrashPlan } from '../../fakes/crash.ts'
import { createMemoryManagement } from '../../fakes/memoryManagement.ts'
import { createWorld } from '../../fakes/world.ts'

/** The predictive web service of these tests. */
export const predictive = {
  name: 'census',
  managementUrl: 'https://management.azureml.net/workspaces/w/webservices/s',
  token: 'env:WORKSPACE_TOKEN',
  resourceName: 'Census Model [trained model]',
}

export const fabrikam = { customerId: 'fabrikam', model: 'census' }
export const order = { by: 'ann', reason: 'they left', atMs: 1, keepEndpoint: false }

/** A complete declaration of a model at the services of these tests. */
export function declare(given: GivenDeclaration = {}, key = fabrikam): Declaration {
  const services = { training: ['census training'], predictive: [predictive] }
  const completion = completeDeclaration(key, given, services, hash)
  if (completion.kind === 'wrong') throw new Error(completion.problems.join('; '))
  return completion.declaration
}

/** A world with a predictive web service; its effects count for the crash plan, where there is one. */
export async function createOnboarding(
  given: { resources?: string[]; silentCalls?: number } = {},
  crash?: CrashPlan,
) {
  const world = await createWorld({}, crash)
  const management = createMemoryManagement(world.clock, given)
  const outside = crash === undefined ? management.ports : crash.wrap(management.ports)
  const ports = { ...world.ports, ...outside }
  await createWebServiceTable(world.tables.webservices).putPredictiveService(predictive)
  crash?.restart()
  return {
    world,
    management,
    ports,
    onboard: (declaration = declare(), key = fabrikam): Promise<Onboarding> =>
      onboardModel(ports, key, declaration),
    offboard: (key = fabrikam, how = order) => offboardModel(ports, key, how),
  }
}
