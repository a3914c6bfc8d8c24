import { TerminalError } from '../../shared/retraining/errors.ts'
import {
  CredentialRefused,
  type Endpoint,
  type EndpointPort,
  type ResourceLocation,
} from '../../shared/retraining/services.ts'
import { sasExpiryMs } from './containers.ts'
import { probabilityOf, staging } from './holdouts.ts'
import type { Call, Invocation, Sim } from './sim.ts'

/** An endpoint's truth: what it names as its model, and which model really answers. */
export type SimEndpoint = {
  url: string
  names: { baseLocation: string; relativeLocation: string }
  answers: string
  /** Other hands changed it, and it was not scored since. */
  isUnseen: boolean
  /** Until when its key is refused, epoch ms. */
  refusesUntilMs: number
}

/** The endpoints by management URL. `masked`: models that an endpoint names in place of one that nobody could know of. */
export type EndpointTruth = {
  endpoints: Map<string, SimEndpoint>
  masked: Set<string>
  readModel(name: string): string
}

/** Told of a PATCH when it is sent and when its caller stops waiting. */
export type PatchWitness = {
  sent(invocation: Invocation, endpoint: Endpoint, location: ResourceLocation): void
  settled(invocation: Invocation, endpoint: Endpoint): void
}

/** The port to the endpoints as one invocation sees it: PATCH may lie, or land when nobody waits for it any more. */
export function simulatedEndpoints(
  truth: EndpointTruth,
  access: { sim: Sim; call: Call; invocation: Invocation; witness: PatchWitness },
): EndpointPort {
  const { sim, call, invocation, witness } = access
  const ask = <Answer>(endpoint: Endpoint, text: () => string, apply: (found: SimEndpoint) => Answer) =>
    call(invocation, { kind: 'service', text }, () => {
      const found = truth.endpoints.get(endpoint.url)
      if (found === undefined) throw new Error(`Cannot find the endpoint ${endpoint.url}`)
      refuseKey(sim, found)
      return apply(found)
    })
  return {
    describeEndpoint: (endpoint) =>
      ask(
        endpoint,
        () => `describe ${endpoint.url}`,
        (found) => ({
          name: 'own',
          isDefault: false,
          preventUpdate: false,
          resources: [{ name: endpoint.resourceName, ...found.names }],
        }),
      ),
    async updateEndpoint(endpoint, location) {
      if (endpoint.url !== staging.url) witness.sent(invocation, endpoint, location)
      try {
        await ask(
          endpoint,
          () => `PATCH ${endpoint.url} ${location.relativeLocation}`,
          (found) => install(sim, truth, found, location),
        )
      } finally {
        witness.settled(invocation, endpoint)
      }
    },
    score: (endpoint, rows) =>
      ask(
        endpoint,
        () => `score ${endpoint.url}`,
        (found) => {
          found.isUnseen = false
          return rows.map((row) => ({
            'Scored Labels': found.answers,
            'Scored Probabilities': String(probabilityOf(found.answers, row)),
          }))
        },
      ),
  }
}

function refuseKey(sim: Sim, found: SimEndpoint): void {
  const { agenda, random, faults } = sim
  if (faults.happens('keyRefused')) found.refusesUntilMs = agenda.now() + random.between(1_000, 1_800_000)
  if (agenda.now() < found.refusesUntilMs)
    throw new CredentialRefused('Cannot call the endpoint: 401 unauthorised')
}

function install(sim: Sim, truth: EndpointTruth, found: SimEndpoint, location: ResourceLocation): void {
  const { faults, agenda } = sim
  const model = truth.readModel(location.relativeLocation)
  if (model === '' || faults.happens('blobNotFound') || sasExpiryMs(location.sasBlobToken) < agenda.now()) {
    const url = `${location.baseLocation}${location.relativeLocation}${location.sasBlobToken}`
    throw new TerminalError(`Cannot update the endpoint: 400 BlobNotFound ${url}`)
  }
  if (faults.happens('deafPatch')) return
  const { baseLocation, relativeLocation } = location
  found.names = { baseLocation, relativeLocation }
  if (faults.happens('lyingPatch')) {
    if (found.isUnseen) truth.masked.add(relativeLocation)
    return
  }
  found.answers = model
  found.isUnseen = false
  truth.masked.delete(relativeLocation)
}
