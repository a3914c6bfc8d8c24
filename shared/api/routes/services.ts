import { z } from 'zod'
import { predictiveServiceBody, trainingServiceBody } from '../../fleet/serviceFields.ts'
import { listEndpoints } from '../../retraining/listEndpoints.ts'
import type { PredictiveServiceSettings } from '../../retraining/predictiveServices.ts'
import type { Stored } from '../../retraining/stores.ts'
import type { ApiPorts } from '../apiPorts.ts'
import { id, instant, pageOf, paging } from '../fields.ts'
import { changedSince, matchedRow } from '../ifMatch.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { settingsTag } from '../settingsTag.ts'

const topic = 'services'
const params = z.object({ name: z.string().min(1).max(260) })
const trainingService = trainingServiceBody.extend({ name: z.string() })
const predictiveService = predictiveServiceBody.extend({ name: z.string() })
const saved = z.object({ outcome: z.literal('saved') })

const listTraining = defineRoute({
  name: 'listTrainingServices',
  method: 'GET',
  path: 'services/training',
  authLevel: 'function',
  topic,
  summary: 'The training web services, with references to their keys',
  query: paging.pick({ continuation: true }),
  answer: pageOf(trainingService),
  async handle(ports, { query }) {
    const { items, next } = await ports.listTrainingServices(query.continuation)
    const all = await Promise.all(items.map((name) => ports.readTrainingService(name)))
    return { body: { items: all.filter((service) => service !== undefined), continuation: next } }
  },
})

const showTraining = defineRoute({
  name: 'showTrainingService',
  method: 'GET',
  path: 'services/training/{name}',
  authLevel: 'function',
  topic,
  summary: 'A training web service, with a reference to its key',
  params,
  answer: trainingService,
  async handle(ports, { params: { name } }) {
    const service = await ports.readTrainingService(name)
    if (service === undefined) throw noService('training', name)
    return { body: service, etag: settingsTag(service) }
  },
})

const putTraining = defineRoute({
  name: 'putTrainingService',
  method: 'PUT',
  path: 'services/training/{name}',
  authLevel: 'admin',
  topic,
  summary: 'Makes a training web service known, or changes it',
  params,
  body: trainingServiceBody,
  answer: saved,
  audited: 'save training service',
  matches: true,
  async handle(ports, { params: { name }, body, ifMatch }) {
    const { findTrainingService: find, putTrainingService: put, swapTrainingService: swap } = ports
    return save({ find, put, swap }, { name, ...body }, ifMatch)
  },
})

const listPredictive = defineRoute({
  name: 'listPredictiveServices',
  method: 'GET',
  path: 'services/predictive',
  authLevel: 'function',
  topic,
  summary: 'The predictive web services, with references to their tokens',
  query: paging.pick({ continuation: true }),
  answer: pageOf(predictiveService),
  async handle(ports, { query }) {
    const { items, next } = await ports.listPredictiveServices(query.continuation)
    const all = await Promise.all(items.map((name) => ports.readPredictiveService(name)))
    return { body: { items: all.filter((service) => service !== undefined), continuation: next } }
  },
})

const showPredictive = defineRoute({
  name: 'showPredictiveService',
  method: 'GET',
  path: 'services/predictive/{name}',
  authLevel: 'function',
  topic,
  summary: 'A predictive web service, with a reference to its workspace’s token',
  params,
  answer: predictiveService,
  async handle(ports, request) {
    const service = await known(ports, request.params.name)
    return { body: service, etag: settingsTag(service) }
  },
})

const putPredictive = defineRoute({
  name: 'putPredictiveService',
  method: 'PUT',
  path: 'services/predictive/{name}',
  authLevel: 'admin',
  topic,
  summary: 'Makes a predictive web service known, or changes it',
  params,
  body: predictiveServiceBody,
  answer: saved,
  audited: 'save predictive service',
  matches: true,
  async handle(ports, { params: { name }, body, ifMatch }) {
    const { findPredictiveService: find, putPredictiveService: put, swapPredictiveService: swap } = ports
    return save({ find, put, swap }, { name, ...body }, ifMatch)
  },
})

const endpoint = z.object({
  name: z.string(),
  description: z.string(),
  createdAt: instant.optional(),
  owner: z.object({ customerId: id, model: id }).optional().meta({ description: 'Whose it is' }),
  isStaging: z.boolean(),
})

const listServiceEndpoints = defineRoute({
  name: 'listEndpoints',
  method: 'GET',
  path: 'services/predictive/{name}/endpoints',
  authLevel: 'function',
  topic,
  summary: 'The endpoints of a predictive web service by name, and whose each is; no keys',
  params,
  query: paging,
  answer: pageOf(endpoint),
  async handle(ports, { params: { name }, query }) {
    const service = await known(ports, name)
    const page = { size: query.limit, after: query.continuation }
    const { items, next } = await listEndpoints(ports, service, page)
    return { body: { items, continuation: next } }
  },
})

/** Rows of one kind of web service. */
type Rows<Service> = {
  find(name: string): Promise<Stored<Service> | undefined>
  put(service: Service): Promise<void>
  swap(service: Service, etag: string): Promise<'written' | 'changed'>
}

/** Without `If-Match` whatever is there is replaced. */
async function save<Service extends { name: string }>(
  rows: Rows<Service>,
  service: Service,
  ifMatch: string | undefined,
): Promise<{ body: { outcome: 'saved' } }> {
  const { name } = service
  if (ifMatch === undefined) await rows.put(service)
  else {
    const found = await rows.find(name)
    const present = found && { etag: found.etag, tag: settingsTag(found.value) }
    const etag = matchedRow(name, present, ifMatch)
    if ((await rows.swap(service, etag)) === 'changed') throw changedSince(name)
  }
  return { body: { outcome: 'saved' } }
}

async function known(ports: ApiPorts, name: string): Promise<PredictiveServiceSettings> {
  const service = await ports.readPredictiveService(name)
  if (service === undefined) throw noService('predictive', name)
  return service
}

function noService(kind: 'training' | 'predictive', name: string): Problem {
  const detail = `Cannot show ${name}: there is no ${kind} web service of this name`
  return new Problem(404, 'no-such-service', detail)
}

/** Web services: shown, saved, and the endpoints of the predictive ones. */
export const serviceRoutes: readonly Route[] = [
  listTraining,
  showTraining,
  putTraining,
  listPredictive,
  showPredictive,
  putPredictive,
  listServiceEndpoints,
]
