import { z } from 'zod'
import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer, ok } from '../http/answer.ts'
import { bodyInvalid, parseJsonBody } from '../http/body.ts'
import { jobNotFound, pathNotFound, webServiceNotFound } from '../http/notFound.ts'
import type { Request } from '../http/request.ts'
import type { Admitted } from '../http/server.ts'
import { newKey } from '../state/ids.ts'
import type { Job } from '../state/records.ts'
import { checkCaller } from './caller.ts'
import { faultSchema } from './fault.ts'
import { createUpload } from './uploads.ts'

/**
 * Routes `/admin/...`: what only the emulator can say or do, for tests and views. No authorisation: it answers on
 * loopback, only when asked for, and not to pages of other sites. Documented in docs/emulator.md.
 */
export function admitAdmin(emulator: Emulator, request: Request): Admitted {
  const { method, segments } = request
  checkCaller(request.headers)
  const [, what = '', id = '', part] = segments
  switch (`${method} ${what}${id === '' ? '' : '/id'}${part === undefined ? '' : `/${part}`}`) {
    case 'GET jobs':
      return { handle: () => jsonAnswer([...emulator.store.jobs()].map((job) => jobJson(emulator, job))) }
    case 'GET jobs/id':
      return { handle: () => describeJob(emulator, id) }
    case 'GET faults':
      return { handle: () => jsonAnswer(emulator.faults.list()) }
    case 'POST faults':
      return { handle: (body) => addFault(emulator, parseJsonBody(body, request.headers)) }
    case 'DELETE faults':
      return { handle: () => clearFaults(emulator) }
    case 'POST clock':
      return { handle: (body) => forwardClock(emulator, parseJsonBody(body, request.headers)) }
    case 'POST uploads':
      return { handle: (body) => createUpload(emulator, parseJsonBody(body, request.headers)) }
    case 'GET endpoints':
      return { handle: () => listEndpoints(emulator) }
    case 'GET endpoints/id':
      return { handle: () => describeEndpoint(emulator, id) }
    case 'POST endpoints/id/keys':
      return { handle: () => rotateKeys(emulator, id) }
    default:
      throw pathNotFound()
  }
}

function jobJson(emulator: Emulator, job: Job): object {
  const at = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
  return {
    id: job.id,
    status: job.status,
    progress: emulator.runner.progress(job.id),
    service: emulator.store.webService(job.serviceId)?.name ?? job.serviceId,
    endpoint: emulator.store.endpoint(job.endpointId)?.name ?? job.endpointId,
    input: Object.values(job.inputLocations)[0] ?? null,
    submittedAt: at(job.createdAtMs),
    startedAt: at(job.startedAtMs),
    finishedAt: at(job.finishedAtMs),
    starts: job.startedAtMs === undefined ? 0 : 1,
    runs: job.runs ?? 0,
    rows: job.rows ?? null,
  }
}

function describeJob(emulator: Emulator, id: string): Answer {
  const job = emulator.store.job(id)
  if (job === undefined) throw jobNotFound(id)
  return jsonAnswer(jobJson(emulator, job))
}

function addFault(emulator: Emulator, json: unknown): Answer {
  const parsed = faultSchema.safeParse(json)
  if (!parsed.success) throw bodyInvalid(z.prettifyError(parsed.error))
  emulator.faults.add(parsed.data)
  return jsonAnswer(parsed.data, 201)
}

function clearFaults(emulator: Emulator): Answer {
  emulator.faults.clear()
  return ok
}

/** At most ten years at a time: far enough for every retention, and the clock stays one that can be written. */
const clockSchema = z.strictObject({ forwardSeconds: z.number().min(0).max(315_360_000) })

function forwardClock(emulator: Emulator, json: unknown): Answer {
  const parsed = clockSchema.safeParse(json)
  if (!parsed.success) throw bodyInvalid(z.prettifyError(parsed.error))
  emulator.clock.forward(parsed.data.forwardSeconds * 1000)
  return jsonAnswer({ now: new Date(emulator.clock.nowMs()).toISOString() })
}

/** Which models the endpoint answers with, and from when: what no client of the service can see. */
function describeEndpoint(emulator: Emulator, id: string): Answer {
  const endpoint = emulator.store.endpoint(id)
  if (endpoint === undefined) throw webServiceNotFound()
  return jsonAnswer({ id: endpoint.id, name: endpoint.name, resources: endpoint.resources })
}

/** Every endpoint with its models, over all workspaces. */
function listEndpoints({ store }: Emulator): Answer {
  const services = [...store.workspaces()].flatMap((workspace) => store.webServicesOf(workspace.id))
  const endpoints = services.flatMap((service) => [...store.endpointsOf(service.id)])
  return jsonAnswer(endpoints.map(({ id, name, resources }) => ({ id, name, resources })))
}

async function rotateKeys(emulator: Emulator, id: string): Promise<Answer> {
  const endpoint = emulator.store.endpoint(id)
  if (endpoint === undefined) throw webServiceNotFound()
  const rotated = { ...endpoint, primaryKey: newKey(), secondaryKey: newKey() }
  await emulator.store.put('endpoint', rotated)
  return jsonAnswer({ primaryKey: rotated.primaryKey, secondaryKey: rotated.secondaryKey })
}
