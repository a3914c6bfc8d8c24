import type { Operation } from '../admin/fault.ts'
import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { type Call, type Handler, letIn } from '../http/call.ts'
import { endpointNotFound, pathNotFound, workspaceNotFound } from '../http/notFound.ts'
import { bearerOf, type Request } from '../http/request.ts'
import type { Admitted } from '../http/server.ts'
import { serviceError } from '../http/serviceError.ts'
import type { Endpoint, WebService, Workspace } from '../state/records.ts'
import { addEndpoint } from './addEndpoint.ts'
import { deleteEndpoint } from './deleteEndpoint.ts'
import { deleteWebService } from './deleteWebService.ts'
import { endpointJson, listedEndpointJson, webServiceJson } from './json.ts'
import { refreshEndpoint } from './refreshEndpoint.ts'
import { updateEndpoint } from './updateEndpoint.ts'

/** A call of the management plane about one web service. */
export type ServiceCall = Call & { service: WebService; name: string }
/** A call about one endpoint, which is there. */
export type EndpointCall = ServiceCall & { endpoint: Endpoint }

/**
 * Routes `/workspaces/{ws}/webservices...`. The workspace's token opens it; the key of the endpoint named in the path
 * opens that endpoint too. Source: contract section 4.
 */
export function admitManagement(emulator: Emulator, request: Request): Admitted {
  const [, workspaceId = '', , serviceId, , name = ''] = request.segments
  const operation = findOperation(request)
  if (operation === undefined) throw pathNotFound()
  const workspace = emulator.store.workspace(workspaceId)
  if (workspace === undefined) throw workspaceNotFound()
  const service = serviceId === undefined ? undefined : emulator.store.webService(serviceId)
  const inWorkspace = service?.workspaceId === workspace.id
  const endpoint = inWorkspace && name !== '' ? emulator.store.endpointNamed(service.id, name) : undefined
  authorise(workspace, endpoint, request)
  if (serviceId === undefined) {
    return letIn(emulator, { operation, request, workspace }, () => listWebServices(emulator, workspace))
  }
  if (operation === 'publishWebService') throw codeServicesRefused()
  if (service === undefined || !inWorkspace) throw invalidWebService()
  if (endpoint === undefined) {
    const call: ServiceCall = { operation, request, workspace, service, name }
    return letIn(emulator, call, serviceHandler(emulator, call))
  }
  const call: EndpointCall = { operation, request, workspace, service, name, endpoint }
  return letIn(emulator, call, endpointHandler(emulator, call))
}

const verbs: Record<string, Operation> = {
  'GET 1': 'listWebServices',
  'GET 2': 'getWebService',
  'PUT 2': 'publishWebService',
  'DELETE 2': 'deleteWebService',
  'GET 3': 'listEndpoints',
  'GET 4': 'getEndpoint',
  'PUT 4': 'addEndpoint',
  'PATCH 4': 'updateEndpoint',
  'DELETE 4': 'deleteEndpoint',
  'POST 5': 'refreshEndpoint',
}

function findOperation({ method, segments }: Request): Operation | undefined {
  const [, , webservices, , endpoints, , refresh] = segments
  if (webservices !== 'webservices' || segments.length > 7) return undefined
  if (endpoints !== undefined && endpoints !== 'endpoints') return undefined
  if (refresh !== undefined && refresh !== 'refresh') return undefined
  return verbs[`${method} ${segments.length - 2}`]
}

function codeServicesRefused(): Error {
  const message =
    'The emulator publishes web services from experiment files only: code services (R, Python) cannot be published to it.'
  return serviceError('NotImplemented', 'WebServiceTypeInvalid', message, 'Type')
}

function authorise(workspace: Workspace, endpoint: Endpoint | undefined, request: Request): void {
  const bearer = bearerOf(request) ?? request.headers['x-ms-metaanalytics-authorizationtoken']
  if (bearer === workspace.token) return
  if (endpoint !== undefined && (bearer === endpoint.primaryKey || bearer === endpoint.secondaryKey)) return
  throw serviceError('Unauthorized', 'ManagementRequestUnauthorized', 'Unauthorized')
}

function invalidWebService(): Error {
  const message = 'Invalid web service ID provided. Verify the web service ID is correct and try again.'
  return serviceError('NotFound', 'WebServiceNotFound', message)
}

function listWebServices(emulator: Emulator, workspace: Workspace): Answer {
  const services = emulator.store.webServicesOf(workspace.id)
  return jsonAnswer(
    services.map((service) => webServiceJson(service, emulator.store.endpointCount(service.id))),
  )
}

function serviceHandler(emulator: Emulator, call: ServiceCall): Handler {
  const { service, request, name } = call
  if (call.operation === 'addEndpoint') return (body) => addEndpoint(emulator, call, body)
  if (call.operation === 'getWebService') {
    return () => jsonAnswer(webServiceJson(service, emulator.store.endpointCount(service.id)))
  }
  if (call.operation === 'deleteWebService') return () => deleteWebService(emulator, call)
  if (call.operation === 'listEndpoints') {
    return () => {
      const endpoints = [...emulator.store.endpointsOf(service.id)]
      return jsonAnswer(endpoints.map((endpoint) => listedEndpointJson(endpoint, request.baseUrl)))
    }
  }
  throw endpointNotFound(name)
}

function endpointHandler(emulator: Emulator, call: EndpointCall): Handler {
  if (call.operation === 'addEndpoint') return (body) => addEndpoint(emulator, call, body)
  if (call.operation === 'updateEndpoint') return (body) => updateEndpoint(emulator, call, body)
  if (call.operation === 'deleteEndpoint') return () => deleteEndpoint(emulator, call)
  if (call.operation === 'refreshEndpoint') return (body) => refreshEndpoint(emulator, call, body)
  return () => jsonAnswer(endpointJson(emulator, call.endpoint, call.request.baseUrl))
}
