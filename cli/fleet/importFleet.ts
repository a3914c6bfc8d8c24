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

/** A model of the file: what its settings are, as far as they are known. */
type Found = { key: ModelKey; settings: Partial<Declaration> }

/**
 * A fleet file for the endpoints of a predictive web service. What is the same for most stands in `defaults` and `models`, so
 * that a customer without anything of its own is one line; models that the app knows keep their settings. Pure.
 */
export function importFleet(from: ImportFrom): Imported {
  const { predictiveService, trainingService, endpoints } = from
  const defaults = { predictiveService, trainingService, endpoint: '{customer}', adopt: true }
  const known = new Map(from.models.map((model) => [`${model.customerId}/${model.model}`, model.settings]))
  const found: Found[] = []
  const left: Imported['left'] = []
  for (const { name, owner, isStaging } of endpoints) {
    const key = owner ?? { customerId: name.toLowerCase(), model: from.model }
    if (isStaging) left.push({ name, reason: 'it is a staging endpoint' })
    else if (!isId(key.customerId)) left.push({ name, reason: 'its name can be no customer id' })
    else {
      const own = known.get(`${key.customerId}/${key.model}`) ?? { endpoint: name }
      const completion = completeDeclaration(key, { ...defaults, ...own }, from.services, nameHash)
      found.push({ key, settings: completion.kind === 'complete' ? completion.declaration : own })
    }
  }
  const models = commonSettings(found)
  const customers = new Map<string, Map<string, object>>()
  for (const { key, settings } of found) {
    const given = { ...defaults, ...models[key.model] }
    const own = ownFields(key, { given, settings, services: from.services })
    customers.set(key.customerId, (customers.get(key.customerId) ?? new Map()).set(key.model, own))
  }
  const short = Object.fromEntries([...customers].map(([id, declared]) => [id, shortest(declared)]))
  return { fleet: { defaults, models, customers: short }, taken: found.length, left }
}

const individual = ['endpoint', 'adopt', 'predictiveService', 'trainingService']

/** Of each model's name the fields that all of that name have, with the value that most of them have. Pure. */
function commonSettings(found: readonly Found[]): Record<string, GivenDeclaration> {
  const byName = new Map<string, Partial<Declaration>[]>()
  for (const { key, settings } of found) {
    byName.set(key.model, [...(byName.get(key.model) ?? []), settings])
  }
  const names = [...byName].map(([name, all]) => [name, commonFields(all)] as const)
  return Object.fromEntries(names)
}

function commonFields(all: readonly Partial<Declaration>[]): GivenDeclaration {
  const fields = Object.keys(all[0] ?? {}).filter((field) => !individual.includes(field))
  const common = fields.flatMap((field) => {
    const values = all.map((settings) => settings[field as keyof Declaration])
    return values.includes(undefined) ? [] : [[field, mostCommon(values)]]
  })
  return Object.fromEntries(common)
}

function mostCommon(values: readonly unknown[]): unknown {
  const counts = new Map<string, { value: unknown; count: number }>()
  for (const value of values) {
    const text = JSON.stringify(value)
    counts.set(text, { value, count: (counts.get(text)?.count ?? 0) + 1 })
  }
  return [...counts.values()].sort((one, other) => other.count - one.count)[0]?.value
}

/** What a model says that its defaults don't. Pure. */
function ownFields(
  key: ModelKey,
  from: { given: GivenDeclaration; settings: Partial<Declaration>; services: KnownServices },
): object {
  const completion = completeDeclaration(key, from.given, from.services, nameHash)
  const usual: Partial<Declaration> = completion.kind === 'complete' ? completion.declaration : {}
  const named = Object.entries(from.settings) as [keyof Declaration, unknown][]
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
