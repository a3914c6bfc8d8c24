import type { Endpoint, EndpointDescription } from './services.ts'

/** Whether an endpoint can take the model that is about to be trained. */
export type Preflight = { kind: 'fit' } | { kind: 'unfit'; reason: string }

/** Judges an endpoint's description before the first job is paid for; says which resource names it has. Pure. */
export function judgeEndpoint(endpoint: Endpoint, description: EndpointDescription | 'gone'): Preflight {
  if (description === 'gone') return { kind: 'unfit', reason: `there is no endpoint at ${endpoint.url}` }
  if (description.isDefault) {
    return { kind: 'unfit', reason: `${description.name} is the default endpoint, which can't be updated` }
  }
  if (description.preventUpdate) {
    return { kind: 'unfit', reason: `the endpoint ${description.name} is set to refuse updates` }
  }
  const names = description.resources.map((resource) => resource.name)
  if (names.includes(endpoint.resourceName)) return { kind: 'fit' }
  const has = names.length === 0 ? 'no updatable resource' : names.map((name) => `"${name}"`).join(', ')
  return {
    kind: 'unfit',
    reason: `the endpoint ${description.name} has no resource "${endpoint.resourceName}"; it has ${has}`,
  }
}

/** Whether the endpoint says that the resource was loaded from this blob. Slashes at the joint don't count. Pure. */
export function isInstalled(
  endpoint: Endpoint,
  description: EndpointDescription,
  location: { baseLocation: string; relativeLocation: string },
): boolean {
  const resource = description.resources.find(({ name }) => name === endpoint.resourceName)
  return resource !== undefined && joined(resource) === joined(location)
}

function joined(location: { baseLocation: string; relativeLocation: string }): string {
  const base = location.baseLocation.replace(/\/+$/, '').toLowerCase()
  return `${base}/${location.relativeLocation.replace(/^\/+/, '')}`
}
