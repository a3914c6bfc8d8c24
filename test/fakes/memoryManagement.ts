import { RetryableError, TerminalError } from '../../shared/retraining/errors.ts'
import {
  type EndpointTemplate,
  endpointUrl,
  type ManagementPort,
  type PredictiveService,
  type SecretStore,
} from '../../shared/retraining/predictiveServices.ts'
import type { EndpointPort } from '../../shared/retraining/services.ts'

type HeldEndpoint = {
  name: string
  key: string
  createdAtMs: number
  template: EndpointTemplate
  /** How many PUTs it got. */
  puts: number
}

/** A predictive web service's endpoints in memory, and the keys that were kept. `silentCalls`: so many scores fail first. */
export function createMemoryManagement(
  clock: { now(): number },
  given: { resources?: string[]; silentCalls?: number } = {},
) {
  const { resources = ['Census Model [trained model]'] } = given
  const endpoints = new Map<string, HeldEndpoint>()
  const secrets = new Map<string, string>()
  const deleted: string[] = []
  let keys = 0
  let silent = given.silentCalls ?? 0
  const nameOf = (url: string) => url.split('/').at(-1) ?? ''
  const ports: ManagementPort & SecretStore & Pick<EndpointPort, 'score'> = {
    async createEndpoint(_service, name, template) {
      const there = endpoints.get(name)
      if (there === undefined) {
        const key = `key-${name}-${++keys}`
        endpoints.set(name, { name, key, createdAtMs: clock.now(), template, puts: 1 })
      } else endpoints.set(name, { ...there, template, puts: there.puts + 1 })
    },
    async findEndpoint(service, name) {
      const found = endpoints.get(name)
      if (found === undefined) return undefined
      return {
        name,
        isDefault: name === 'default',
        preventUpdate: false,
        resources: resources.map((resource) => ({ name: resource, baseLocation: '', relativeLocation: '' })),
        scoringUrl: `${service.managementUrl.replace('management', 'services')}/services/${name}`,
        createdAtMs: found.createdAtMs,
        key: { reveal: () => found.key },
      }
    },
    listEndpoints: async () =>
      [...endpoints.values()].map(({ name, createdAtMs }) => ({ name, description: '', createdAtMs })),
    async deleteEndpoint(_service, name) {
      if (endpoints.delete(name)) deleted.push(name)
    },
    refreshEndpoint: async () => 'unchanged',
    async storeSecret(name, key) {
      secrets.set(name, key.reveal())
      return `file:${name}`
    },
    async score(endpoint) {
      if (silent-- > 0) throw new RetryableError('Cannot score: 503')
      const held = endpoints.get(nameOf(endpoint.url))
      const kept = secrets.get(endpoint.apiKey.replace('file:', ''))
      if (held === undefined || held.key !== kept) throw new TerminalError('Cannot score: 401')
      return [{ 'Scored Labels': 'deployed' }]
    },
  }
  return {
    ports,
    endpoints,
    secrets,
    deleted,
    urlOf: (service: PredictiveService, name: string) => endpointUrl(service, name),
  }
}
