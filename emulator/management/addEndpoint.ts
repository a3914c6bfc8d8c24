import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { bodyInvalid, parseJsonBody } from '../http/body.ts'
import { splitPath } from '../http/request.ts'
import { serviceError } from '../http/serviceError.ts'
import { isObject } from '../storage/blobReference.ts'
import { decodeEndpointSettings } from './endpointSettings.ts'
import { endpointJson } from './json.ts'
import { newEndpoint } from './newEndpoint.ts'
import type { ServiceCall } from './route.ts'

/**
 * PUT of an endpoint: 201 with a new one, 200 when it was there and its settings were replaced; the body is the endpoint.
 * The name is the path's, the body's is ignored; though paths are taken in any case, a new one must be in lower case. Source: contract sections 4 and 10.
 */
export async function addEndpoint(emulator: Emulator, call: ServiceCall, body: Buffer): Promise<Answer> {
  const { service, name, request } = call
  const json = body.length === 0 ? {} : parseJsonBody(body, request.headers)
  if (!isObject(json)) throw bodyInvalid('The body is not an object.')
  const settings = decodeEndpointSettings(json)
  const there = emulator.store.endpointNamed(service.id, name)
  if (there === undefined) checkNew(emulator, service.id, splitPath(request.path).at(-1) ?? name)
  const endpoint =
    there === undefined ? newEndpoint(emulator, service, { name, ...settings }) : { ...there, ...settings }
  await emulator.store.put('endpoint', endpoint)
  return jsonAnswer(endpointJson(emulator, endpoint, request.baseUrl), there === undefined ? 201 : 200)
}

function checkNew(emulator: Emulator, serviceId: string, name: string): void {
  if (!/^[a-z0-9]{1,24}$/.test(name)) {
    const message = `The endpoint name "${name}" is invalid: it must have 24 characters or less, all lower-case letters or digits.`
    throw serviceError('BadArgument', 'UserParameterInvalid', message, 'EndpointName')
  }
  const { maxEndpointsPerService } = emulator.settings
  if (emulator.store.endpointCount(serviceId) >= maxEndpointsPerService) {
    const message = `The web service has the ${maxEndpointsPerService} endpoints that it may have.`
    throw serviceError('InvalidOperation', 'TooManyEndpoints', message, name)
  }
}
