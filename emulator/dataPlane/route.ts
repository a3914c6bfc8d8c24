import type { Operation } from '../admin/fault.ts'
import { observe } from '../diagnostics/observe.ts'
import type { Emulator } from '../emulator.ts'
import { type Call, type Handler, letIn } from '../http/call.ts'
import { notInWorkspace, pathNotFound, webServiceNotFound, workspaceNotFound } from '../http/notFound.ts'
import { bearerOf, queryValue, type Request } from '../http/request.ts'
import type { Admitted } from '../http/server.ts'
import { serviceError } from '../http/serviceError.ts'
import type { Endpoint } from '../state/records.ts'
import { countScoringCall } from './concurrency.ts'
import { execute } from './execute.ts'
import { deleteJob, getJob, startJob } from './jobs.ts'
import { submitJob } from './submitJob.ts'

/** A call of the data plane: its endpoint is known. */
export type DataCall = Call & { endpoint: Endpoint }

/**
 * Routes `/workspaces/{ws}/services/{endpointId}/...` and its alias `/subscriptions/{id}/services/{endpointId}/...`:
 * RRS and BES. The endpoint's own keys open it. Source: contract sections 1-3.
 */
export function admitDataPlane(emulator: Emulator, request: Request): Admitted {
  const rest = request.segments.slice(4)
  const found = findOperation(request.method, rest)
  if (found === undefined) throw pathNotFound()
  const endpoint = findEndpoint(emulator, request)
  authorise(endpoint, request)
  checkVersion(request)
  const workspace = emulator.store.workspace(endpoint.workspaceId)
  if (workspace === undefined) throw workspaceNotFound()
  const call: DataCall = { operation: found, request, endpoint, workspace }
  return observe(emulator, call, () => {
    const admitted = letIn(emulator, call, handlerOf(emulator, call, rest[1] ?? ''))
    return found === 'execute' ? countScoringCall(emulator, endpoint, admitted) : admitted
  })
}

function findOperation(method: string, rest: string[]): Operation | undefined {
  const [first, , third] = rest
  if (first === 'execute' && rest.length === 1 && method === 'POST') return 'execute'
  if (first !== 'jobs') return undefined
  if (rest.length === 1 && method === 'POST') return 'submitJob'
  if (rest.length === 2 && method === 'GET') return 'getJob'
  if (rest.length === 2 && method === 'DELETE') return 'deleteJob'
  if (rest.length === 3 && third === 'start' && method === 'POST') return 'startJob'
  return undefined
}

function handlerOf(emulator: Emulator, call: DataCall, jobId: string): Handler {
  if (call.operation === 'execute') return (body) => execute(emulator, call, body)
  if (call.operation === 'submitJob') return (body) => submitJob(emulator, call, body)
  if (call.operation === 'startJob') return () => startJob(emulator, call, jobId)
  if (call.operation === 'getJob') return () => getJob(emulator, call, jobId)
  return () => deleteJob(emulator, call, jobId)
}

function findEndpoint(emulator: Emulator, request: Request): Endpoint {
  const [plane, scope = '', , id = ''] = request.segments
  const endpoint = emulator.store.endpoint(id)
  if (plane === 'workspaces' && emulator.store.workspace(scope) === undefined) throw workspaceNotFound()
  if (endpoint === undefined) throw webServiceNotFound()
  // A subscription id is the client's own: the alias takes any.
  if (plane === 'workspaces' && endpoint.workspaceId.toLowerCase() !== scope) throw notInWorkspace()
  return endpoint
}

function authorise(endpoint: Endpoint, request: Request): void {
  const key = bearerOf(request)
  if (key !== undefined && (key === endpoint.primaryKey || key === endpoint.secondaryKey)) return
  throw serviceError('Unauthorized', 'ScoreRequestUnauthorized', 'Invalid credentials provided.')
}

function checkVersion(request: Request): void {
  const version = queryValue(request, 'api-version')
  if (version === '2.0') return
  const message = `Invalid version parameter was passed during the API call: ${version ?? '(none)'}. Check the API help page for passing the correct version and try again.`
  throw serviceError('BadArgument', 'BadVersionCall', message, 'api-version')
}
