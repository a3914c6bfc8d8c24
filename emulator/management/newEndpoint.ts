import { resourceNames } from '../definitions/definition.ts'
import type { Emulator } from '../emulator.ts'
import { newId, newKey } from '../state/ids.ts'
import type { Endpoint, EndpointResource, EndpointSettings, WebService } from '../state/records.ts'
import { defaultConcurrency } from './endpointSettings.ts'

/** A new endpoint of a web service, with the model that the service was deployed with. Ids and keys that are not given are random. */
export function newEndpoint(
  emulator: Pick<Emulator, 'store' | 'clock'>,
  service: WebService,
  given: Partial<Pick<Endpoint, 'id' | 'primaryKey' | 'secondaryKey'> & EndpointSettings> & { name: string },
): Endpoint {
  return {
    id: newId(),
    workspaceId: service.workspaceId,
    serviceId: service.id,
    description: '',
    createdAtMs: emulator.clock.nowMs(),
    primaryKey: newKey(),
    secondaryKey: newKey(),
    throttleLevel: 'High',
    maxConcurrentCalls: defaultConcurrency,
    preventUpdate: false,
    diagnosticsTraceLevel: 'None',
    sampleDataEnabled: true,
    definition: service.definition,
    resources: deployedResources(emulator, service),
    ...given,
  }
}

/** The resources as the web service was deployed with them. */
export function deployedResources(
  emulator: Pick<Emulator, 'store'>,
  service: WebService,
): EndpointResource[] {
  const definition = emulator.store.definition(service.definition)
  const { model } = service
  if (definition === undefined || model === undefined) return []
  return resourceNames(definition).map((name) => ({
    name,
    relativeLocation: service.modelLocation ?? '',
    installs: [{ model, liveFromMs: 0 }],
  }))
}
