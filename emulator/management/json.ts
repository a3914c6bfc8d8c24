import { concurrencyOf } from '../dataPlane/concurrency.ts'
import type { Emulator } from '../emulator.ts'
import { defaultEndpointName, type Endpoint, type WebService } from '../state/records.ts'

/** A web service as JSON. Source: contract section 4. */
export function webServiceJson(service: WebService, endpointCount: number): object {
  return {
    Id: service.id,
    Name: service.name,
    Description: service.description,
    CreationTime: new Date(service.createdAtMs).toISOString(),
    WorkspaceId: service.workspaceId,
    DefaultEndpointName: defaultEndpointName,
    EndpointCount: endpointCount,
  }
}

/** Where an endpoint is scored; no verb, no query: clients append them. */
export function apiLocation(endpoint: Endpoint, baseUrl: string): string {
  return `${baseUrl}/workspaces/${endpoint.workspaceId}/services/${endpoint.id}`
}

/** Where an endpoint's help pages begin. */
export function helpLocation(endpoint: Endpoint, baseUrl: string): string {
  const { workspaceId, serviceId, id } = endpoint
  return `${baseUrl}/apihelp/workspaces/${workspaceId}/webservices/${serviceId}/endpoints/${id}`
}

/** An endpoint as lists have it: 13 members in the service's order. Source: contract section 4. */
export function listedEndpointJson(endpoint: Endpoint, baseUrl: string): object {
  return {
    Name: endpoint.name,
    Description: endpoint.description,
    CreationTime: new Date(endpoint.createdAtMs).toISOString(),
    WorkspaceId: endpoint.workspaceId,
    WebServiceId: endpoint.serviceId,
    HelpLocation: helpLocation(endpoint, baseUrl),
    PrimaryKey: endpoint.primaryKey,
    SecondaryKey: endpoint.secondaryKey,
    ApiLocation: apiLocation(endpoint, baseUrl),
    PreventUpdate: endpoint.preventUpdate,
    MaxConcurrentCalls: concurrencyOf(endpoint),
    DiagnosticsTraceLevel: endpoint.diagnosticsTraceLevel,
    ThrottleLevel: endpoint.throttleLevel,
  }
}

/** An endpoint by name: 16 members. Locations have no token: the emulator keeps none. */
export function endpointJson(emulator: Pick<Emulator, 'blobs'>, endpoint: Endpoint, baseUrl: string): object {
  const ownBase = () => emulator.blobs.baseLocation({ kind: 'own', relativeLocation: '' })
  return {
    ...listedEndpointJson(endpoint, baseUrl),
    Resources: endpoint.resources.map((resource) => ({
      Name: resource.name,
      Kind: 'Trained model',
      Location: {
        BaseLocation: resource.baseLocation ?? ownBase(),
        RelativeLocation: resource.relativeLocation,
        SasBlobToken: '',
      },
    })),
    SampleDataEnabled: endpoint.sampleDataEnabled,
    ExperimentLocation: null,
  }
}
