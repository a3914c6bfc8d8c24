import { RetryableError, TerminalError } from './errors.ts'
import type { Head } from './head.ts'
import { type MendDriftPorts, mendDrift } from './mendDrift.ts'
import type { ModelKey } from './names.ts'
import {
  endpointName,
  type ManagedEndpoint,
  type ManagementPort,
  type PredictiveServiceSettings,
  type WebServiceStore,
} from './predictiveServices.ts'
import { CredentialRefused, type EndpointPort } from './services.ts'
import type { ModelSettings } from './settings.ts'
import type { RunStore } from './stores.ts'
import { textOf } from './trouble.ts'

/** What planning a refresh needs. */
export type PlanRefreshPorts = Pick<RunStore, 'readHead'> &
  Pick<WebServiceStore, 'readPredictiveService'> &
  Pick<ManagementPort, 'findEndpoint'> &
  Pick<MendDriftPorts, 'readSettings'>

/** What a refresh would do: nothing is changed by planning. `skipped` says why the endpoint is better left alone. */
export type RefreshPlan = ModelKey & {
  endpoint: string
  predictiveService?: string | undefined
  /** The generation that is live and stays. */
  live?: number | undefined
  skipped?: string | undefined
}

type Looked = {
  plan: RefreshPlan
  settings: ModelSettings
  head: Head | undefined
  service?: PredictiveServiceSettings
  found?: ManagedEndpoint
}

const defaultName = 'default'

/** Plans the refresh of one model's endpoint; undefined for a model that is not known. */
export async function planRefresh(ports: PlanRefreshPorts, key: ModelKey): Promise<RefreshPlan | undefined> {
  return (await look(ports, key))?.plan
}

async function look(ports: PlanRefreshPorts, { customerId, model }: ModelKey): Promise<Looked | undefined> {
  const key = { customerId, model }
  const settings = await ports.readSettings(key)
  if (settings === undefined) return undefined
  const head = (await ports.readHead(key))?.value
  const endpoint = endpointName(settings.endpoint.url)
  const { predictiveService } = settings
  const plan = { ...key, endpoint, predictiveService, live: head?.live }
  const skip = (skipped: string): Looked => ({ plan: { ...plan, skipped }, settings, head })
  if (predictiveService === undefined) return skip('its settings name no predictive web service')
  const service = await ports.readPredictiveService(predictiveService)
  if (service === undefined) return skip(`there is no predictive web service ${predictiveService}`)
  if (head?.claim !== undefined) return skip('an update of the endpoint is under way')
  const [found, published] = await Promise.all([
    ports.findEndpoint(service, endpoint),
    ports.findEndpoint(service, defaultName),
  ])
  if (found === undefined) return skip(`there is no endpoint ${endpoint}`)
  const reason = lossOf(settings.endpoint.resourceName, published)
  return reason === undefined ? { plan, settings, head, service, found } : skip(reason)
}

/** Why a refresh would take the customer's model away: it is kept under its resource name, or not at all. Pure. */
export function lossOf(
  resourceName: string,
  published: Pick<ManagedEndpoint, 'resources'> | undefined,
): string | undefined {
  const names = published?.resources.map(({ name }) => name)
  if (names === undefined || names.includes(resourceName)) return undefined
  const has = names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ')
  return `the experiment has no resource "${resourceName}" any more, so the model would be lost; it has ${has}`
}

/** What refreshing needs. */
export type RefreshModelPorts = PlanRefreshPorts &
  MendDriftPorts &
  Pick<ManagementPort, 'refreshEndpoint'> &
  Pick<EndpointPort, 'score'>

/**
 * What became of it. `unchanged`: the endpoint was in step already. `model`: whether the customer's model stayed, or was lost
 * and is being put back from the archive. `probe`: whether the probe row is answered, and why not.
 */
export type Refresh =
  | {
      kind: 'refreshed'
      model: 'kept' | 'putBack' | 'lost'
      probe: 'answered' | 'none' | 'failed'
      reason?: string
    }
  | { kind: 'unchanged' }
  | { kind: 'refused'; reason: string }
  | { kind: 'unknown' }

/**
 * Takes the experiment of the default endpoint over to a customer's endpoint, without overwriting its model; then looks
 * whether the model is still there, and has it put back from the archive where it is not. Source: creating-endpoints.md,
 * "applied selectively to an endpoint without overwriting the customizations"; classic-protocol.md, 4: refresh.
 */
export async function refreshModel(ports: RefreshModelPorts, key: ModelKey): Promise<Refresh> {
  const looked = await look(ports, key)
  if (looked === undefined) return { kind: 'unknown' }
  const { plan, settings, head, service, found } = looked
  if (service === undefined || found === undefined) {
    return { kind: 'refused', reason: plan.skipped ?? 'it was not found' }
  }
  const outcome = await ports.refreshEndpoint(service, plan.endpoint)
  if (outcome === 'unchanged') return { kind: 'unchanged' }
  const after = await ports.findEndpoint(service, plan.endpoint)
  const isKept = locationOf(found, settings) === locationOf(after, settings)
  if (!isKept && head !== undefined) await mendDrift(ports, plan, head)
  const isPutBack = head?.live !== undefined && settings.driftPolicy === 'mend'
  const model = isKept ? 'kept' : isPutBack ? 'putBack' : 'lost'
  const { probe, reason } = await probeOnce(ports, settings)
  const refreshed = { kind: 'refreshed' as const, model, probe } satisfies Refresh
  return reason === undefined ? refreshed : { ...refreshed, reason }
}

function locationOf(endpoint: ManagedEndpoint | undefined, { endpoint: { resourceName } }: ModelSettings) {
  const resource = endpoint?.resources.find(({ name }) => name === resourceName)
  return resource && `${resource.baseLocation} ${resource.relativeLocation}`
}

async function probeOnce(
  ports: Pick<RefreshModelPorts, 'score' | 'redact'>,
  { probeRow, endpoint }: ModelSettings,
): Promise<{ probe: 'answered' | 'none' | 'failed'; reason?: string }> {
  if (probeRow === undefined) return { probe: 'none' }
  try {
    await ports.score(endpoint, [probeRow])
    return { probe: 'answered' }
  } catch (error) {
    const isAnswer =
      error instanceof RetryableError || error instanceof TerminalError || error instanceof CredentialRefused
    if (!isAnswer) throw error
    return { probe: 'failed', reason: ports.redact(textOf(error)) }
  }
}
