/** What pages and swagger documents show. Made from the emulator's records by `pages/describe`; nothing here is a secret. */

/** Types of columns as answers name them. */
export type ColumnType = 'Double' | 'Int32' | 'Boolean' | 'String'

/** A column of a port. `levels`: the values that a categorical column is known to take, without the missing one. */
export type ColumnView = { name: string; type: ColumnType; levels?: readonly string[] }

/** An input port: a table. `sample` is one row in the order of the columns, cells as answers print them. */
export type InputView = { name: string; columns: readonly ColumnView[]; sample: readonly string[] }

/**
 * An output port: a table (`columns` and one sample row), or a file that only a BES job writes: `model` an `.ilearner`,
 * `dataset` a CSV.
 */
export type OutputView =
  | { name: string; kind: 'table'; columns: readonly ColumnView[]; sample: readonly string[] }
  | { name: string; kind: 'model' | 'dataset' }

/** A global parameter; without a default it is required. */
export type ParameterView = { name: string; default?: string | number }

/** An endpoint of a web service. */
export type EndpointView = {
  id: string
  name: string
  description: string
  isDefault: boolean
  throttleLevel: string
  maxConcurrentCalls: number
  diagnosticsTraceLevel: string
  sampleDataEnabled: boolean
  /** Names of its updatable resources. */
  resources: readonly string[]
}

/** A web service. `training` writes models and answers over BES only; the others answer over RRS and BES. */
export type ServiceView = {
  id: string
  workspaceId: string
  name: string
  description: string
  kind: 'training' | 'predictive' | 'transform'
  /** ISO 8601 with milliseconds. */
  createdAt: string
  endpointCount: number
}

/** An endpoint with everything that its help pages and its swagger document tell. */
export type ApiView = {
  service: ServiceView
  endpoint: EndpointView
  inputs: readonly InputView[]
  outputs: readonly OutputView[]
  parameters: readonly ParameterView[]
  /** What URLs begin with, without a slash at the end: `http://127.0.0.1:8150`. */
  baseUrl: string
}

/** A workspace with its web services. */
export type WorkspaceView = { id: string; name: string; services: readonly ServiceView[] }

/** URLs of an endpoint. Source: the wire contract, sections 2 to 5. */
export function endpointUrls(
  api: ApiView,
): Record<'api' | 'execute' | 'jobs' | 'help' | 'patch' | 'swagger', string> {
  const { service, endpoint, baseUrl } = api
  const location = `${baseUrl}/workspaces/${service.workspaceId}/services/${endpoint.id}`
  const management = `${baseUrl}/workspaces/${service.workspaceId}/webservices/${service.id}/endpoints`
  return {
    api: location,
    execute: `${location}/execute?api-version=2.0&details=true`,
    jobs: `${location}/jobs`,
    help: `${baseUrl}${helpPath(service, endpoint)}`,
    patch: `${management}/${endpoint.name}`,
    swagger: `${location}/swagger.json`,
  }
}

/** Path of an endpoint's help pages: its HelpLocation without the host. */
export function helpPath(service: ServiceView, endpoint: EndpointView): string {
  return `/apihelp/workspaces/${service.workspaceId}/webservices/${service.id}/endpoints/${endpoint.id}`
}

/** Path of a web service's page. */
export function servicePath(service: ServiceView): string {
  return `/portal/workspaces/${service.workspaceId}/webservices/${service.id}`
}

/** Whether the endpoint scores rows over RRS: every service but a training one does. */
export function answersRequests(service: ServiceView): boolean {
  return service.kind !== 'training'
}
