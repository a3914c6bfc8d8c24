import { modelOf } from '../dataPlane/execute.ts'
import type { Emulator } from '../emulator.ts'
import { webServiceNotFound } from '../http/notFound.ts'
import { describeEndpoint, describeParameters, describeService } from '../pages/describe.ts'
import { describePorts } from '../pages/ports.ts'
import type { ApiView } from '../pages/view.ts'
import type { Endpoint } from '../state/records.ts'

type Ports = Pick<ApiView, 'inputs' | 'outputs'>

/** Describes endpoints for help pages and swagger documents. `baseUrl` as in `ApiView`. */
export type ApiViews = (endpoint: Endpoint, baseUrl: string) => Promise<ApiView>

/** Ports kept, so that a model is not read again for every request. */
const maxKept = 200

/** Reads the live model's file for the levels of its columns, once for each model and definition. */
export function createApiViews(emulator: Emulator): ApiViews {
  const kept = new Map<string, Promise<Ports>>()
  return async (endpoint, baseUrl) => {
    const { store } = emulator
    const service = store.webService(endpoint.serviceId)
    const definition = store.definition(endpoint.definition)
    if (service === undefined || definition === undefined) throw webServiceNotFound()
    const model = definition.kind === 'predictive' ? modelOf(emulator, endpoint) : ''
    const key = `${endpoint.definition} ${model} ${endpoint.sampleDataEnabled}`
    const ports = kept.get(key) ?? readPorts(emulator, endpoint, model)
    keep(kept, key, ports)
    return {
      service: describeService(store, service),
      endpoint: describeEndpoint(endpoint),
      parameters: describeParameters(definition),
      baseUrl,
      ...(await ports),
    }
  }
}

async function readPorts(emulator: Emulator, endpoint: Endpoint, model: string): Promise<Ports> {
  const definition = emulator.store.definition(endpoint.definition)
  if (definition === undefined) throw webServiceNotFound()
  const decoded = model === '' ? undefined : await emulator.reader.read(await emulator.models.read(model))
  return describePorts(definition, decoded, endpoint.sampleDataEnabled)
}

/** Puts the ports at the end of the map's order and lets the ones longest not asked for go; failed ones are not kept. */
function keep(kept: Map<string, Promise<Ports>>, key: string, ports: Promise<Ports>): void {
  kept.delete(key)
  kept.set(key, ports)
  ports.catch(() => kept.delete(key))
  const [oldest] = kept.keys()
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
}
