import {
  completeDeclaration,
  type Declaration,
  type GivenDeclaration,
  type KnownServices,
} from '../retraining/declaration.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { FleetFile } from './fleetFile.ts'

/** A model of a fleet file with its defaults filled in. */
export type DeclaredModel = ModelKey & { declaration: Declaration }

/** Something that is wrong in a file, at a path in it. */
export type FleetProblem = { path: readonly (string | number)[]; message: string }

/**
 * Every model of the file, complete, and what is wrong about them: a service that is not known, an endpoint that two models
 * name. `services` are those that the app knows; the file's own count too. Pure.
 */
export function declaredModels(
  file: FleetFile,
  services: KnownServices,
  hash: (text: string) => string,
): { models: DeclaredModel[]; problems: FleetProblem[] } {
  const known = withServicesOf(file, services)
  const models: DeclaredModel[] = []
  const problems: FleetProblem[] = []
  const taken = new Map<string, string>()
  for (const { key, given, path } of givenModels(file)) {
    const completion = completeDeclaration(key, given, known, hash)
    if (completion.kind === 'wrong') {
      problems.push(...completion.problems.map((message) => ({ path, message })))
      continue
    }
    const { declaration } = completion
    const endpoint = `${declaration.predictiveService} ${declaration.endpoint}`.toLowerCase()
    const [other, own] = [taken.get(endpoint), `${key.customerId}/${key.model}`]
    if (other === undefined) taken.set(endpoint, own)
    else if (other === own) problems.push({ path, message: `${key.model} is there twice` })
    else problems.push({ path, message: `endpoint ${declaration.endpoint}: it is that of ${other} already` })
    models.push({ ...key, declaration })
  }
  return { models, problems: [...problems, ...stagingProblems(models)] }
}

type Given = { key: ModelKey; given: GivenDeclaration; path: (string | number)[] }

/** The models by customer; what is said nearest to the model holds. Pure. */
export function givenModels({ defaults = {}, models = {}, customers = {} }: FleetFile): Given[] {
  return Object.entries(customers).flatMap(([customerId, declared]) => {
    const entries = Array.isArray(declared)
      ? declared.map((model, index) => ({ model, own: {}, at: index }))
      : Object.entries(declared).map(([model, own]) => ({ model, own: own ?? {}, at: model }))
    return entries.map(({ model, own, at }) => ({
      key: { customerId, model },
      given: { ...defaults, ...models[model], ...own },
      path: ['customers', customerId, at],
    }))
  })
}

function withServicesOf({ services = {} }: FleetFile, known: KnownServices): KnownServices {
  const own = Object.entries(services.predictive ?? {}).map(([name, { resourceName }]) => ({
    name,
    resourceName,
  }))
  const names = new Set(own.map(({ name }) => name))
  return {
    training: [...new Set([...known.training, ...Object.keys(services.training ?? {})])],
    predictive: [...known.predictive.filter(({ name }) => !names.has(name)), ...own],
  }
}

/** A staging endpoint answers no customer. */
function stagingProblems(models: readonly DeclaredModel[]): FleetProblem[] {
  const used = new Set(
    models.map((model) => `${model.declaration.predictiveService} ${model.declaration.endpoint}`),
  )
  return models.flatMap(({ customerId, model, declaration: { gate, predictiveService } }) => {
    const staging = gate.kind === 'limits' ? gate.holdout?.staging : undefined
    if (staging === undefined || !used.has(`${predictiveService} ${staging}`)) return []
    const message = `gate.holdout.staging ${staging}: it is a customer's endpoint`
    return [{ path: ['customers', customerId, model], message }]
  })
}
