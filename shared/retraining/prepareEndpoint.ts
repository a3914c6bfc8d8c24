import { TerminalError } from './errors.ts'
import type { ModelKey } from './names.ts'
import {
  type EndpointOwner,
  type EndpointOwners,
  type EndpointTemplate,
  endpointUrl,
  type ManagedEndpoint,
  type ManagementPort,
  type PredictiveServiceSettings,
  type SecretStore,
} from './predictiveServices.ts'
import { judgeEndpoint } from './preflight.ts'
import type { Endpoint } from './services.ts'

/** What having an endpoint ready needs. `nameHash` is a hex digest of a text. */
export type PrepareEndpointPorts = Pick<ManagementPort, 'createEndpoint' | 'findEndpoint'> &
  Pick<EndpointOwners, 'takeEndpoint'> &
  SecretStore & { nameHash(text: string): string }

/** Which endpoint is wanted. `adopt`: it has to be there, and none is made. */
export type WantedEndpoint = {
  name: string
  owner: EndpointOwner
  adopt: boolean
  resourceName?: string | undefined
}

/** `waiting`: `missing` says for what; the same again goes on. */
export type Prepared =
  | { kind: 'ready'; endpoint: Endpoint; found: ManagedEndpoint; isNew: boolean }
  | { kind: 'waiting'; missing: string }

/**
 * Finds the endpoint or makes it, and keeps its key. One that is there stays as it is. Each step can be done again: the name
 * is taken for its owner before it is made, so that no endpoint is made twice and none is shared. Throws TerminalError when
 * the endpoint is another's, can't be updated or has no such resource (with the names there are).
 */
export async function prepareEndpoint(
  ports: PrepareEndpointPorts,
  service: PredictiveServiceSettings,
  wanted: WantedEndpoint,
): Promise<Prepared> {
  const before = await ports.findEndpoint(service, wanted.name)
  if (before === undefined && wanted.adopt) {
    throw new TerminalError(`Cannot adopt the endpoint ${wanted.name}: ${service.name} has none of this name`)
  }
  const like = before ?? (await published(ports, service))
  if (like !== undefined) checkFits(service, wanted, like)
  await takeFor(ports, service, wanted)
  if (before === undefined) {
    await ports.createEndpoint(service, wanted.name, templateOf(service, wanted.owner))
  }
  const found = before ?? (await ports.findEndpoint(service, wanted.name))
  if (found === undefined) {
    return { kind: 'waiting', missing: `the endpoint ${wanted.name} is made and not to be seen yet` }
  }
  const resourceName = checkFits(service, wanted, found)
  const url = endpointUrl(service, wanted.name)
  const apiKey = await ports.storeSecret(secretName(wanted.name, ports.nameHash(url)), found.key)
  const { inputPort, outputPort } = service
  const endpoint = { url, scoringUrl: found.scoringUrl, apiKey, resourceName, inputPort, outputPort }
  return { kind: 'ready', endpoint, found, isNew: before === undefined }
}

/** What a new endpoint will be like, as far as the default one tells: a wrong resource name makes no endpoint. */
async function published(
  ports: Pick<ManagementPort, 'findEndpoint'>,
  service: PredictiveServiceSettings,
): Promise<ManagedEndpoint | undefined> {
  const found = await ports.findEndpoint(service, 'default')
  return found && { ...found, isDefault: false, preventUpdate: false }
}

/** Answers the resource name: the wanted one, else the only one there is. */
function checkFits(
  service: PredictiveServiceSettings,
  { name, resourceName }: WantedEndpoint,
  found: ManagedEndpoint,
): string {
  const [only, ...others] = found.resources
  const wanted = resourceName ?? (others.length === 0 ? only?.name : undefined)
  if (wanted === undefined && !found.isDefault) {
    const names = found.resources.map((resource) => `"${resource.name}"`).join(', ')
    const reason = names === '' ? 'it has no updatable resource' : `name one of its resources: ${names}`
    throw new TerminalError(`Cannot use the endpoint ${name} of ${service.name}: ${reason}`)
  }
  const endpoint = { url: endpointUrl(service, name), scoringUrl: found.scoringUrl, apiKey: '' }
  const judged = judgeEndpoint({ ...endpoint, resourceName: wanted ?? '' }, found)
  if (judged.kind === 'unfit') {
    throw new TerminalError(`Cannot use the endpoint ${name} of ${service.name}: ${judged.reason}`)
  }
  return wanted ?? ''
}

async function takeFor(
  ports: Pick<EndpointOwners, 'takeEndpoint'>,
  service: PredictiveServiceSettings,
  { name, owner }: WantedEndpoint,
): Promise<void> {
  const taken = await ports.takeEndpoint(endpointUrl(service, name), owner)
  if (ownerText(taken) === ownerText(owner)) return
  throw new TerminalError(`Cannot use the endpoint ${name} of ${service.name}: it is ${ownerText(taken)}`)
}

/** Whose an endpoint is, in words. Pure. */
export function ownerText(owner: EndpointOwner): string {
  return owner === 'staging' ? 'a staging endpoint' : `that of ${owner.customerId}/${owner.model}`
}

function templateOf({ template = {} }: PredictiveServiceSettings, owner: EndpointOwner): EndpointTemplate {
  const key: ModelKey = owner === 'staging' ? { customerId: 'no customer', model: 'staging' } : owner
  const description = (template.description ?? '{model} of {customer}')
    .replaceAll('{customer}', key.customerId)
    .replaceAll('{model}', key.model)
  return { ...template, description }
}

/** Letters, digits and dashes, as Key Vault wants it; the hash is of the URL, since names are unique in a service only. Pure. */
export function secretName(name: string, hash: string): string {
  return `endpoint-${name.replaceAll(/[^A-Za-z0-9]/g, '-').slice(0, 64)}-${hash.slice(0, 12)}`
}
