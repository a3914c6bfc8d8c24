import { type CancelRunPorts, cancelRun } from './cancelRun.ts'
import { TerminalError } from './errors.ts'
import type { Head, Order } from './head.ts'
import type { ModelKey } from './names.ts'
import {
  type EndpointOwners,
  endpointName,
  endpointUrl,
  type ManagementPort,
  type ModelSettingsStore,
  type PredictiveService,
  type WebServiceStore,
} from './predictiveServices.ts'
import type { WrittenSettings } from './settings.ts'
import type { Log, RunStore } from './stores.ts'
import { swapHead } from './swap.ts'

/** What off-boarding a model needs. */
export type OffboardModelPorts = CancelRunPorts &
  Pick<RunStore, 'readHead' | 'commit'> &
  Pick<ManagementPort, 'deleteEndpoint'> &
  Pick<WebServiceStore, 'readPredictiveService' | 'listPredictiveServices'> &
  Pick<EndpointOwners, 'releaseEndpoint' | 'listOwned'> &
  Pick<ModelSettingsStore, 'readWritten' | 'markOffboarded'> & { log: Log }

/** `waiting`: a run ends first; the same call again goes on. */
export type Offboarding =
  | { kind: 'offboarded'; endpoint: 'deleted' | 'kept' }
  | { kind: 'waiting'; missing: string }
  | { kind: 'unknown' }

/** Begins the reason of the pause that off-boarding holds a model with. */
const mark = 'off-boarding: '

/**
 * Takes a customer's model out of service: no generation opens any more, a run that is under way is cancelled and ends, the
 * endpoint is deleted (or kept), and the settings count as none. Head, runs, drops and archive stay. A model that is off-boarded
 * already is left as it is.
 */
export async function offboardModel(
  ports: OffboardModelPorts,
  key: ModelKey,
  order: Order & { keepEndpoint: boolean },
): Promise<Offboarding> {
  const found = await ports.readWritten(key)
  if (found === undefined) return removeUnfinished(ports, key, order)
  const endpoint = order.keepEndpoint ? 'kept' : 'deleted'
  if (found.offboarded !== undefined) return { kind: 'offboarded', endpoint }
  const { by, reason, atMs } = order
  await hold(ports, key, { by, reason: `${mark}${reason}`, atMs })
  const missing = await endRuns(ports, key, { by, reason: `${mark}${reason}`, atMs })
  if (missing !== undefined) return { kind: 'waiting', missing }
  const { url } = found.settings.endpoint
  if (!order.keepEndpoint) {
    await ports.deleteEndpoint(await serviceOf(ports, found.settings), endpointName(url))
  }
  await ports.markOffboarded(found.settings, { by, reason, atMs })
  await ports.releaseEndpoint(url)
  ports.log.info({ customerId: key.customerId, model: key.model }, `model off-boarded: endpoint ${endpoint}`)
  return { kind: 'offboarded', endpoint }
}

/** Removes what an onboarding made that never came to its end: the model is not known, and has an endpoint all the same. */
async function removeUnfinished(
  ports: OffboardModelPorts,
  key: ModelKey,
  { keepEndpoint }: { keepEndpoint: boolean },
): Promise<Offboarding> {
  const urls = await ports.listOwned(key)
  if (urls.length === 0) return { kind: 'unknown' }
  for (const url of urls) {
    if (!keepEndpoint) await ports.deleteEndpoint(await serviceAt(ports, url), endpointName(url))
    await ports.releaseEndpoint(url)
  }
  return { kind: 'offboarded', endpoint: keepEndpoint ? 'kept' : 'deleted' }
}

async function serviceAt(
  ports: Pick<WebServiceStore, 'readPredictiveService' | 'listPredictiveServices'>,
  url: string,
): Promise<PredictiveService> {
  let next: string | undefined
  do {
    const page = await ports.listPredictiveServices(next)
    for (const name of page.items) {
      const service = await ports.readPredictiveService(name)
      if (service !== undefined && endpointUrl(service, endpointName(url)) === url) return service
    }
    next = page.next
  } while (next !== undefined)
  throw new TerminalError(`Cannot delete the endpoint ${endpointName(url)}: its web service is not known`)
}

/** An operator's own pause stays as it is. */
async function hold(
  ports: Pick<RunStore, 'readHead' | 'commit'>,
  key: ModelKey,
  order: Order,
): Promise<void> {
  await swapHead(ports, key, (head) => (head.paused === undefined ? { ...head, paused: order } : undefined))
}

/** Cancels what is under way; answers what has not ended yet. */
async function endRuns(ports: OffboardModelPorts, key: ModelKey, order: Order): Promise<string | undefined> {
  const head = (await ports.readHead(key))?.value
  for (const generation of underWay(head)) {
    const outcome = await cancelRun(ports, { ...key, generation }, order)
    if (outcome.kind === 'stopping') return `the job of generation ${generation} is stopping`
    if (outcome.kind === 'refused') return `generation ${generation} ends first: ${outcome.reason}`
  }
  return undefined
}

function underWay(head: Head | undefined): number[] {
  const { inFlight, awaiting = [], approved = [] } = head ?? {}
  return [...(inFlight === undefined ? [] : [inFlight]), ...awaiting, ...approved]
}

/** The endpoint's own key opens it where its web service is not known. */
async function serviceOf(
  ports: Pick<WebServiceStore, 'readPredictiveService'>,
  { predictiveService: name, endpoint }: WrittenSettings,
): Promise<PredictiveService> {
  const known = name === undefined ? undefined : await ports.readPredictiveService(name)
  const managementUrl = endpoint.url.replace(/\/endpoints\/[^/]*$/, '')
  return { name: name ?? managementUrl, managementUrl, token: known?.token ?? endpoint.apiKey }
}

/** What ending the hold of an off-boarding needs. */
export type LiftPorts = Pick<RunStore, 'readHead' | 'commit'>

/** Lets a model go on that comes back after it was off-boarded; an operator's pause stays. */
export async function lift(ports: LiftPorts, { customerId, model }: ModelKey): Promise<void> {
  const isHeld = (head: Head) => head.paused?.reason.startsWith(mark) === true
  const key = { customerId, model }
  const head = (await ports.readHead(key))?.value
  if (head === undefined || !isHeld(head)) return
  await swapHead(ports, key, (fresh) => (isHeld(fresh) ? { ...fresh, paused: undefined } : undefined))
}
