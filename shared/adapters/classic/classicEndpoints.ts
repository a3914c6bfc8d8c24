import type { Endpoint, EndpointPort } from '../../retraining/services.ts'
import { type ClassicOptions, callService, type ServiceCall } from './callService.ts'
import { decodeAnswer } from './decodeAnswer.ts'
import { decodeEndpoint, decodeRows, encodeRows, encodeUpdate } from './endpointWire.ts'
import { executeUrl } from './urls.ts'

/** What the designer names a web service's input port. */
const usualInputPort = 'input1'

/**
 * Endpoints of predictive web services of ML Studio (classic): management and RRS. Errors as in {@link EndpointPort}.
 * Source: classic-protocol.md, 2 and 4.
 */
export function createClassicEndpoints(options: ClassicOptions): EndpointPort {
  return {
    async describeEndpoint(endpoint) {
      const call = managementCall(options, endpoint, 'GET')
      const answer = await callService(options, { ...call, expects: ({ status }) => status === 404 })
      if (answer.status === 404) return 'gone'
      return decodeAnswer(call.what, answer.text, decodeEndpoint)
    },
    async updateEndpoint(endpoint, location) {
      const body = encodeUpdate(endpoint.resourceName, location)
      await callService(options, { ...managementCall(options, endpoint, 'PATCH'), body })
    },
    async score(endpoint, rows) {
      const url = executeUrl(options.guard.check('scoring URL', endpoint.scoringUrl))
      const what = `score with ${lastPart(endpoint)}`
      const body = encodeRows(endpoint.inputPort ?? usualInputPort, rows)
      const answer = await callService(options, { what, method: 'POST', url, apiKey: endpoint.apiKey, body })
      return decodeAnswer(what, answer.text, (text) => decodeRows(text, endpoint.outputPort))
    },
  }
}

const verbs = { GET: 'describe', PATCH: 'update' } as const

function managementCall(
  options: ClassicOptions,
  endpoint: Endpoint,
  method: keyof typeof verbs,
): ServiceCall {
  const url = options.guard.check('endpoint URL', endpoint.url)
  const what = `${verbs[method]} the endpoint ${lastPart(endpoint)}`
  return { what, method, url, apiKey: endpoint.apiKey }
}

/** The endpoint's name, from its management URL. */
function lastPart({ url }: Endpoint): string {
  return url.split(/[?#]/)[0]?.split('/').at(-1) ?? ''
}
