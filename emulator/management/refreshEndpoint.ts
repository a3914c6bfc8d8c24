import type { Emulator } from '../emulator.ts'
import { type Answer, ok } from '../http/answer.ts'
import { bodyInvalid, parseJsonBody } from '../http/body.ts'
import { memberOf } from '../http/members.ts'
import { serviceError } from '../http/serviceError.ts'
import { defaultEndpointName, type Endpoint } from '../state/records.ts'
import { isObject } from '../storage/blobReference.ts'
import { truth } from './endpointSettings.ts'
import { deployedResources } from './newEndpoint.ts'
import type { EndpointCall } from './route.ts'

/**
 * Brings an endpoint in step with the default one: its definition, and with `OverwriteResources` (boolean or text) its
 * model too. 304 when nothing changed. Source: contract section 4.
 */
export async function refreshEndpoint(emulator: Emulator, call: EndpointCall, body: Buffer): Promise<Answer> {
  const { endpoint, service } = call
  if (endpoint.name === defaultEndpointName) {
    const message = 'The default endpoint cannot be refreshed: it is what the others are refreshed from.'
    throw serviceError('InvalidOperation', 'DefaultEndpoint', message, endpoint.name)
  }
  const overwrite = decodeOverwrite(body, call)
  const deployed = deployedResources(emulator, service)
  const refreshed: Endpoint = {
    ...endpoint,
    definition: service.definition,
    resources: overwrite ? deployed : keptResources(endpoint, deployed),
  }
  if (JSON.stringify(refreshed) === JSON.stringify(endpoint)) return { status: 304 }
  await emulator.store.put('endpoint', refreshed)
  return ok
}

function decodeOverwrite(body: Buffer, call: EndpointCall): boolean {
  if (body.length === 0) return false
  const json = parseJsonBody(body, call.request.headers)
  if (!isObject(json)) throw bodyInvalid('The body is not an object.')
  const value = memberOf(json, 'OverwriteResources')
  return value === undefined || value === null ? false : truth(value, 'OverwriteResources')
}

/** The endpoint's own resources where the deployed service still has one of the name. */
function keptResources(endpoint: Endpoint, deployed: Endpoint['resources']): Endpoint['resources'] {
  return deployed.map((resource) => endpoint.resources.find((own) => own.name === resource.name) ?? resource)
}
