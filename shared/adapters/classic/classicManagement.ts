import {
  endpointUrl,
  type ManagementPort,
  type PredictiveService,
} from '../../retraining/predictiveServices.ts'
import { type ClassicOptions, callService, type ServiceCall } from './callService.ts'
import { decodeAnswer } from './decodeAnswer.ts'
import { isGone } from './gone.ts'
import { decodeEndpointList, decodeManagedEndpoint, encodeNewEndpoint } from './managementWire.ts'

/** Management of the endpoints of ML Studio (classic), by the workspace's token. Errors as in {@link ManagementPort}. Source: classic-protocol.md, 4. */
export function createClassicManagement(options: ClassicOptions): ManagementPort {
  return {
    async createEndpoint(service, name, template) {
      const body = encodeNewEndpoint(template)
      await callService(options, { ...endpointCall(options, { service, name, method: 'PUT' }), body })
    },
    async findEndpoint(service, name) {
      const call = endpointCall(options, { service, name, method: 'GET' })
      const answer = await callService(options, { ...call, expects: isGone })
      if (answer.status === 404) return undefined
      return decodeAnswer(call.what, answer.text, decodeManagedEndpoint)
    },
    async listEndpoints(service) {
      const what = `list the endpoints of ${service.name}`
      const url = options.guard.check('management URL', endpointUrl(service, '').replace(/\/$/, ''))
      const answer = await callService(options, { what, method: 'GET', url, apiKey: service.token })
      return decodeAnswer(what, answer.text, decodeEndpointList)
    },
    async deleteEndpoint(service, name) {
      const call = endpointCall(options, { service, name, method: 'DELETE' })
      await callService(options, { ...call, expects: isGone })
    },
    async refreshEndpoint(service, name) {
      const call = endpointCall(options, { service, name, method: 'POST' })
      const answer = await callService(options, {
        ...call,
        // A text, not a boolean: what the service's own client sends.
        body: { OverwriteResources: 'False' },
        expects: ({ status }) => status === 304,
      })
      return answer.status === 304 ? 'unchanged' : 'refreshed'
    },
  }
}

const verbs = { PUT: 'create', GET: 'find', DELETE: 'delete', POST: 'refresh' } as const

function endpointCall(
  options: ClassicOptions,
  { service, name, method }: { service: PredictiveService; name: string; method: keyof typeof verbs },
): ServiceCall {
  const path = endpointUrl(service, encodeURIComponent(name))
  const url = options.guard.check('management URL', method === 'POST' ? `${path}/refresh` : path)
  return {
    what: `${verbs[method]} the endpoint ${name} of ${service.name}`,
    method,
    url,
    apiKey: service.token,
  }
}
