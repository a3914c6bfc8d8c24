import type { Emulator } from '../emulator.ts'
import { type Answer, ok } from '../http/answer.ts'
import type { ServiceCall } from './route.ts'

/** DELETE of a web service with all its endpoints; their jobs are stopped. Source: contract section 4. */
export async function deleteWebService(emulator: Emulator, { service }: ServiceCall): Promise<Answer> {
  const { store, runner } = emulator
  const jobs = [...store.jobs()].filter((job) => job.serviceId === service.id)
  await Promise.all(jobs.map((job) => runner.cancel(job)))
  const endpoints = [...store.endpointsOf(service.id)]
  await Promise.all(endpoints.map((endpoint) => store.remove('endpoint', endpoint.id)))
  await store.remove('webService', service.id)
  return ok
}
