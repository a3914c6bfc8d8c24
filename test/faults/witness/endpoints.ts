import type { WitnessedEndpoint } from './emulator.ts'
import type { StoredModel } from './storage.ts'

/** What the endpoints' PATCHes show. */
export type EndpointFindings = {
  /** PATCHes that went back to an older generation. */
  backwards: string[]
  /** Models put back in place of one that came to nothing. */
  putBack: number
  /** Endpoints that do not have the model that is recorded as live. */
  astray: string[]
}

/**
 * Follows each endpoint's PATCHes: generations only go up, and each is the endpoint's own customer's. Only after a
 * generation that failed may the one before it be put back. Pure.
 */
export function followEndpoints(
  endpoints: readonly WitnessedEndpoint[],
  models: readonly StoredModel[],
): EndpointFindings {
  const findings: EndpointFindings = { backwards: [], putBack: 0, astray: [] }
  const byCustomer = new Map(models.map((model) => [model.customerId, model]))
  for (const { name, resources } of endpoints) {
    const model = byCustomer.get(name)
    const [resource] = resources
    if (model === undefined || resource === undefined) continue
    const patches = (resource.updates ?? []).map(({ relativeLocation }) => placeOf(relativeLocation))
    followOne(findings, name, patches, model)
    const live = Number(model.head.live ?? 0)
    const last = patches.at(-1)?.generation ?? 0
    if (last !== live) findings.astray.push(`${name} has generation ${last}, live is ${live}`)
  }
  return findings
}

type Place = { customerId: string; generation: number }

function followOne(
  findings: EndpointFindings,
  customerId: string,
  patches: readonly Place[],
  { generations }: StoredModel,
): void {
  const states = new Map(generations.map(({ generation, state }) => [generation, state]))
  for (const [at, patch] of patches.entries()) {
    if (patch.customerId !== customerId) {
      findings.backwards.push(`${customerId} was given a model of ${patch.customerId}`)
    }
    const before = patches[at - 1]
    if (before === undefined || patch.generation >= before.generation) continue
    if (states.get(before.generation) === 'failed') findings.putBack += 1
    else findings.backwards.push(`${customerId}: generation ${patch.generation} after ${before.generation}`)
  }
}

/** `models/{customerId}/{model}/{generation}/...` */
function placeOf(relativeLocation: string): Place {
  const [, customerId = '', , generation = ''] = relativeLocation.split('/')
  return { customerId, generation: Number(generation) }
}
