import { concurrencyOf } from '../dataPlane/concurrency.ts'
import { type Definition, globalParameters } from '../definitions/definition.ts'
import { defaultEndpointName, type Endpoint, type WebService, type Workspace } from '../state/records.ts'
import type { Store } from '../state/store.ts'
import type { EndpointView, ParameterView, ServiceView, WorkspaceView } from './view.ts'

/** A workspace as the portal's front page shows it. */
export function describeWorkspace(store: Store, { id, name }: Workspace): WorkspaceView {
  return { id, name, services: store.webServicesOf(id).map((service) => describeService(store, service)) }
}

/** A web service as pages show it. */
export function describeService(store: Store, service: WebService): ServiceView {
  return {
    id: service.id,
    workspaceId: service.workspaceId,
    name: service.name,
    description: service.description,
    kind: store.definition(service.definition)?.kind ?? 'transform',
    createdAt: new Date(service.createdAtMs).toISOString(),
    endpointCount: store.endpointCount(service.id),
  }
}

/** An endpoint as pages show it: without its keys. */
export function describeEndpoint(endpoint: Endpoint): EndpointView {
  return {
    id: endpoint.id,
    name: endpoint.name,
    description: endpoint.description,
    isDefault: endpoint.name === defaultEndpointName,
    throttleLevel: endpoint.throttleLevel,
    maxConcurrentCalls: concurrencyOf(endpoint),
    diagnosticsTraceLevel: endpoint.diagnosticsTraceLevel,
    sampleDataEnabled: endpoint.sampleDataEnabled,
    resources: endpoint.resources.map((resource) => resource.name),
  }
}

/** The global parameters of a service. */
export function describeParameters(definition: Definition): ParameterView[] {
  return Object.entries(globalParameters(definition)).map(([name, parameter]) => ({ name, ...parameter }))
}
