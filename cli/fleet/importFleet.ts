import { Document, isMap, isSeq } from 'yaml'
import {
  completeDeclaration,
  type Declaration,
  type GivenDeclaration,
  type KnownServices,
} from '../../shared/retraining/declaration.ts'
import { isId, type ModelKey } from '../../shared/retraining/names.ts'
import { isSame } from '../../shared/retraining/same.ts'
import { type ListedModel, nameHash } from './planFleet.ts'

/** An endpoint as the app lists it. Source: shared/api/routes/services.ts. */
export type ListedEndpoint = { name: string; description: string; owner?: ModelKey; isStaging: boolean }

/** What a fleet file is made of: the service's endpoints, the models the app has, and the services there are. */
export type ImportFrom = {
  predictiveService: string
  trainingService: string
  /** The model's name where the app knows none. */
  model: string
  endpoints: readonly ListedEndpoint[]
  models: readonly ListedModel[]
  services: KnownServices
}

/** A fleet as a file's content; `left` are endpoints that can't be a customer's, with the reason. */
export type Imported = { fleet: object; taken: number; left: { name: string; reason: string }[] }

/**
 * A fleet file for the endpoints of a predictive web service. What is the same for most stands in `defaults`, so that a
 * customer without anything of its own is one line; models that the app knows keep their settings. Pure.
 */
export function importFleet(from: ImportFrom): Imported {
  const { predictiveService, trainingService, endpoints } = from
  const defaults = { predictiveService, trainingService, endpoint: '{customer}', adopt: true }
  const known = new Map(from.models.map((model) => [`${model.customerId}/${model.model}`, model.settings]))
  const customers = new Map<string, Map<string, object>>()
  const left: Imported['left'] = []
  for (const endpoint of endpoints) {
    const key = endpoint.owner ?? { customerId: endpoint.name.toLowerCase(), model: from.model }
    if (endpoint.isStaging) left.push({ name: endpoint.name, reason: 'it is a staging endpoint' })
    else if (!isId(key.customerId))
      left.push({ name: endpoint.name, reason: 'its name can be no customer id' })
    else {
      const settings = known.get(`${key.customerId}/${key.model}`) ?? { endpoint: endpoint.name }
      const own = ownFields(key, { defaults, settings, services: from.services })
      customers.set(key.customerId, (customers.get(key.customerId) ?? new Map()).set(key.model, own))
    }
  }
  const fleet = {
    defaults,
    customers: Object.fromEntries([...customers].map(([id, models]) => [id, shortest(models)])),
  }
  return { fleet, taken: endpoints.length - left.length, left }
}

/** What a model says that the defaults don't. Pure. */
function ownFields(
  key: ModelKey,
  {
    defaults,
    settings,
    services,
  }: { defaults: GivenDeclaration; settings: Partial<Declaration>; services: KnownServices },
): object {
  const completion = completeDeclaration(key, defaults, services, nameHash)
  const usual: Partial<Declaration> = completion.kind === 'complete' ? completion.declaration : {}
  const named = Object.entries(settings) as [keyof Declaration, unknown][]
  return Object.fromEntries(named.filter(([field, value]) => !isSame(value, usual[field])))
}

/** A list of names where no model has anything of its own. */
function shortest(models: ReadonlyMap<string, object>): unknown {
  const isPlain = [...models.values()].every((own) => Object.keys(own).length === 0)
  return isPlain ? [...models.keys()] : Object.fromEntries(models)
}

/** The file's text, YAML: each list of a customer's models in one line. */
export function fleetText(fleet: object, note: string): string {
  const document = new Document(fleet)
  document.commentBefore = note
  const customers = document.get('customers')
  if (isMap(customers)) for (const { value } of customers.items) if (isSeq(value)) value.flow = true
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
