import { createHash } from 'node:crypto'
import { type DeclaredModel, declaredModels, type FleetProblem } from '../../shared/fleet/declaredModels.ts'
import type { FleetFile } from '../../shared/fleet/fleetFile.ts'
import { type PlanStep, planSteps } from '../../shared/fleet/plan.ts'
import type { Declaration, KnownServices } from '../../shared/retraining/declaration.ts'
import { endpointUrl } from '../../shared/retraining/predictiveServices.ts'
import type { ApiClient } from '../apiClient.ts'

/** A model as the app lists it. Source: shared/api/routes/onboarding.ts. */
export type ListedModel = {
  customerId: string
  model: string
  settings?: Declaration
  endpointUrl?: string
  problem?: string
}

/** A web service as the app lists it. Source: shared/api/routes/services.ts. */
export type ListedService = { name: string; resourceName?: string; managementUrl?: string }

/** What the app has now. */
export type Present = { models: ListedModel[]; training: ListedService[]; predictive: ListedService[] }

/** What has to be done, in this order: training services, predictive services, models. */
export type FleetPlan = {
  training: PlanStep<object>[]
  predictive: PlanStep<object>[]
  models: PlanStep<object>[]
}

/** The hash of the name rule: the same as the app's. */
export function nameHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Reads what the app has: settings a page at a time. */
export async function readPresent(api: Pick<ApiClient, 'pages'>): Promise<Present> {
  const [models, training, predictive] = await Promise.all([
    all<ListedModel>(api, 'customers', { limit: 500 }),
    all<ListedService>(api, 'services/training'),
    all<ListedService>(api, 'services/predictive'),
  ])
  return { models, training, predictive }
}

async function all<Item>(
  api: Pick<ApiClient, 'pages'>,
  path: string,
  query: { limit?: number } = {},
): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of api.pages<Item>(path, query)) items.push(item)
  return items
}

/** The services that the app knows, for the defaults of a declaration. Pure. */
export function servicesOf({ training, predictive }: Present): KnownServices {
  return { training: training.map(({ name }) => name), predictive }
}

/** Compares a fleet file with what there is. Services that the file does not name stay. Pure. */
export function planFleet(
  file: FleetFile,
  present: Present,
): { plan: FleetPlan; problems: FleetProblem[]; models: DeclaredModel[] } {
  const { models, problems } = declaredModels(file, servicesOf(present), nameHash)
  const { training = {}, predictive = {} } = file.services ?? {}
  const plan = {
    training: serviceSteps(training, present.training),
    predictive: serviceSteps(predictive, present.predictive),
    models: planSteps<object>(
      wantedModels(models, addressesOf(predictive, present)),
      presentModels(present.models),
      ['resourceName', addressField],
    ),
  }
  return { plan, problems, models }
}

function serviceSteps(
  wanted: Readonly<Record<string, object>>,
  there: readonly ListedService[],
): PlanStep<object>[] {
  const present = new Map(there.map(({ name, ...service }) => [name, service]))
  return planSteps<object>(new Map(Object.entries(wanted)), present).filter(({ kind }) => kind !== 'remove')
}

/** Where an endpoint is updated. It is not declared: it follows from its service, which may move to another host. */
const addressField = 'endpoint URL'

/** Answers where the endpoint of a model that is there is to be updated; undefined where that can't be compared. */
function addressesOf(wanted: Readonly<Record<string, ListedUrl>>, { predictive, models }: Present) {
  const there = Object.fromEntries(predictive.map((service) => [service.name, service]))
  const known = new Set(models.filter((one) => one.endpointUrl !== undefined).map(modelName))
  return (model: DeclaredModel): string | undefined => {
    const { predictiveService, endpoint } = model.declaration
    const { managementUrl } = wanted[predictiveService] ?? there[predictiveService] ?? {}
    if (managementUrl === undefined || !known.has(modelName(model))) return undefined
    return endpointUrl({ managementUrl }, endpoint)
  }
}

type ListedUrl = Pick<ListedService, 'managementUrl'>
const modelName = ({ customerId, model }: { customerId: string; model: string }) => `${customerId}/${model}`

/** `adopt` says how an endpoint is come by: it is no setting. */
function wantedModels(
  models: readonly DeclaredModel[],
  addressOf: (model: DeclaredModel) => string | undefined,
): Map<string, object> {
  return new Map(
    models.map((model) => {
      const { adopt: _adopt, ...settings } = model.declaration
      const url = addressOf(model)
      return [modelName(model), url === undefined ? settings : { ...settings, [addressField]: url }]
    }),
  )
}

/** Settings that can't be read are written anew. */
function presentModels(models: readonly ListedModel[]): Map<string, object> {
  return new Map(
    models.map(({ settings, endpointUrl: url, ...key }) => [
      modelName(key),
      { ...settings, ...(url !== undefined && { [addressField]: url }) },
    ]),
  )
}
