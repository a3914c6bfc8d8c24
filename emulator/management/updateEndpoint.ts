import { checkExtension } from '../dataPlane/submitJob.ts'
import type { Emulator } from '../emulator.ts'
import { type Answer, ok } from '../http/answer.ts'
import { bodyInvalid, parseJsonBody } from '../http/body.ts'
import { memberOf } from '../http/members.ts'
import { endpointNotFound } from '../http/notFound.ts'
import { serviceError } from '../http/serviceError.ts'
import { defaultEndpointName, type Endpoint, type EndpointResource } from '../state/records.ts'
import { type BlobReference, decodeBlobReference, isObject } from '../storage/blobReference.ts'
import { decodeEndpointSettings } from './endpointSettings.ts'
import { fetchModel } from './fetchModel.ts'
import type { EndpointCall } from './route.ts'

/** A resource that a PATCH names, and where its model is. */
type ResourceUpdate = { name: string; location: BlobReference }

/**
 * PATCH of an endpoint: copies the named models into the emulator's own storage, so that the token need only hold for
 * this call; sets throttling and logging. GET shows the new location at once, scoring follows after the patch delay.
 * Source: contract sections 4 and 10.
 */
export async function updateEndpoint(emulator: Emulator, call: EndpointCall, body: Buffer): Promise<Answer> {
  const json = parseJsonBody(body, call.request.headers)
  if (!isObject(json)) throw bodyInvalid('The body is not an object.')
  const settings = decodeEndpointSettings(json)
  const updates = decodeUpdates(memberOf(json, 'Resources'), call.endpoint)
  const models = await Promise.all(
    updates.map((update) => fetchModel(emulator, call.endpoint, update.location)),
  )
  // Read again: another PATCH may have come in while the models were on their way.
  const endpoint = emulator.store.endpoint(call.endpoint.id)
  if (endpoint === undefined) throw endpointNotFound(call.name)
  const resources = endpoint.resources.map((resource) => {
    const at = updates.findIndex((update) => update.name === resource.name)
    const [update, model] = [updates[at], models[at]]
    return update === undefined || model === undefined
      ? resource
      : install(emulator, call, { resource, update, model })
  })
  await emulator.store.put('endpoint', { ...endpoint, ...settings, resources })
  return ok
}

function decodeUpdates(json: unknown, endpoint: Endpoint): ResourceUpdate[] {
  if (json === undefined || json === null) return []
  if (!Array.isArray(json)) throw bodyInvalid('Resources is not a list.')
  if (json.length === 0) return []
  checkUpdatable(endpoint)
  return json.map((entry: unknown) => {
    const resource = isObject(entry) ? entry : {}
    const given = memberOf(resource, 'Name')
    const name = typeof given === 'string' ? given : ''
    if (!endpoint.resources.some((resource) => resource.name === name)) throw unknownResource(name, endpoint)
    const location = decodeBlobReference(memberOf(resource, 'Location'), name)
    checkExtension(location, 'model', name)
    return { name, location }
  })
}

function checkUpdatable(endpoint: Endpoint): void {
  if (endpoint.name === defaultEndpointName) {
    const message =
      'The model of the default endpoint cannot be replaced: it is kept in step with the experiments. Add an endpoint and update that.'
    throw serviceError('InvalidOperation', 'DefaultEndpoint', message, endpoint.name)
  }
  if (endpoint.resources.length === 0) {
    const message =
      'This Web Service has no updatable resources. Endpoints are added to and updated on the predictive web service, not the training one.'
    throw serviceError('InvalidOperation', 'NoUpdatableResources', message, endpoint.name)
  }
  if (endpoint.preventUpdate) {
    const message = 'The endpoint prevents updates (PreventUpdate).'
    throw serviceError('InvalidOperation', 'UpdatePrevented', message, endpoint.name)
  }
}

function unknownResource(name: string, endpoint: Endpoint): Error {
  const names = endpoint.resources.map((resource) => `"${resource.name}"`).join(', ')
  const message = `The endpoint has no resource "${name}". Its updatable resources are: ${names}.`
  return serviceError('BadArgument', 'UserParameterInvalid', message, 'Resources')
}

/** How many PATCHes of a resource are remembered. */
const mostUpdates = 100

type Installation = { resource: EndpointResource; update: ResourceUpdate; model: string }

function install(
  emulator: Emulator,
  call: EndpointCall,
  { resource, update, model }: Installation,
): EndpointResource {
  const nowMs = emulator.clock.nowMs()
  const lateMs = (emulator.faults.take('patchLate', call)?.seconds ?? 0) * 1000
  const liveFromMs = nowMs + emulator.settings.patchDelayMs + lateMs
  const kept = withoutPast(resource.installs, nowMs)
  const isLie = emulator.faults.take('patchKeepsModel', call) !== undefined
  const { location } = update
  const updated = { relativeLocation: location.relativeLocation, atMs: nowMs }
  return {
    name: resource.name,
    updates: [...(resource.updates ?? []), updated].slice(-mostUpdates),
    baseLocation: emulator.blobs.baseLocation(location),
    relativeLocation: location.relativeLocation,
    installs: isLie ? kept : [...kept, { model, liveFromMs }],
  }
}

/** The install that answers now and those still to come. */
function withoutPast(installs: EndpointResource['installs'], nowMs: number): EndpointResource['installs'] {
  const live = installs.findLastIndex((entry) => entry.liveFromMs <= nowMs)
  return installs.slice(Math.max(0, live))
}
