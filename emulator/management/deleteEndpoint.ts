import type { Emulator } from '../emulator.ts'
import { type Answer, ok } from '../http/answer.ts'
import { serviceError } from '../http/serviceError.ts'
import { defaultEndpointName } from '../state/records.ts'
import type { EndpointCall } from './route.ts'

/** DELETE of an endpoint; its jobs are stopped. The default one can't go while others are there. Source: contract section 4. */
export async function deleteEndpoint(emulator: Emulator, call: EndpointCall): Promise<Answer> {
  const { endpoint, service } = call
  if (endpoint.name === defaultEndpointName && emulator.store.endpointCount(service.id) > 1) {
    const message = 'The default endpoint cannot be deleted while the web service has other endpoints.'
    throw serviceError('InvalidOperation', 'DefaultEndpoint', message, endpoint.name)
  }
  const jobs = [...emulator.store.jobs()].filter((job) => job.endpointId === endpoint.id)
  await Promise.all(jobs.map((job) => emulator.runner.cancel(job)))
  await emulator.store.remove('endpoint', endpoint.id)
  return ok
}
