import type { Emulator } from '../emulator.ts'
import { deployedResources, newEndpoint } from '../management/newEndpoint.ts'
import { newId } from '../state/ids.ts'
import { defaultEndpointName, type Endpoint, type WebService, type Workspace } from '../state/records.ts'
import { hashDefinition } from './definition.ts'
import type { DeployedModels } from './deployedModels.ts'
import type { LoadedExperiment } from './loadExperiments.ts'
import type { SeededWebService, SeededWorkspace } from './seed.ts'

/** What publishing works with. `report` gets one line for each web service that is left out or updated. */
export type Publisher = Pick<Emulator, 'store' | 'clock'> & {
  models: DeployedModels
  experiments: readonly LoadedExperiment[]
  report(line: string): void
}

/**
 * Makes a workspace's web services: those of its seed, else one for every experiment. What is there already stays, with
 * its ids and keys; a changed experiment updates name, description and default endpoint only (the other endpoints are
 * refreshed by a call).
 */
export async function publishWorkspace(
  publisher: Publisher,
  workspace: Workspace,
  seeded?: SeededWorkspace,
): Promise<void> {
  const wanted: SeededWebService[] =
    seeded?.webServices ?? publisher.experiments.map(({ key }) => ({ experiment: key, endpoints: [] }))
  for (const service of wanted) {
    const loaded = publisher.experiments.find((experiment) => experiment.key === service.experiment)
    if (loaded === undefined) {
      throw new Error(
        `Cannot publish web service of experiment "${service.experiment}": there is no such file`,
      )
    }
    const published = await publishService(publisher, { workspace, loaded, given: service })
    if (published !== undefined) await seedEndpoints(publisher, published, service)
  }
}

type Wanted = { workspace: Workspace; loaded: LoadedExperiment; given: SeededWebService }

async function publishService(publisher: Publisher, wanted: Wanted): Promise<WebService | undefined> {
  const { store } = publisher
  const { loaded, given } = wanted
  const definition = loaded.definition
  const hash = hashDefinition(definition)
  const there = findService(publisher, wanted)
  if (there !== undefined && there.definition === hash) return there
  const deployed = await publisher.models.deploy(loaded)
  if (deployed !== 'none' && 'missing' in deployed) {
    publisher.report(
      `${definition.experiment.name} is ${there === undefined ? 'left out' : 'not updated'}: ${deployed.missing}`,
    )
    return there
  }
  await store.put('definition', { id: hash, definition })
  const service: WebService = {
    ...(there ?? emptyService(publisher, wanted)),
    name: given.name ?? definition.experiment.name,
    description: given.description ?? definition.experiment.description ?? '',
    definition: hash,
    ...(deployed === 'none' ? {} : { model: deployed.model, modelLocation: deployed.location }),
  }
  await store.put('webService', service)
  await store.put('endpoint', defaultEndpoint(publisher, service))
  if (there !== undefined) {
    publisher.report(`${service.name} is updated at its default endpoint; refresh brings it to the others`)
  }
  return service
}

function findService({ store }: Publisher, { workspace, loaded, given }: Wanted): WebService | undefined {
  if (given.id !== undefined) return store.webService(given.id)
  return store.webServicesOf(workspace.id).find((service) => service.experiment === loaded.key)
}

function emptyService({ clock }: Publisher, { workspace, loaded, given }: Wanted): WebService {
  return {
    id: given.id ?? newId(),
    workspaceId: workspace.id,
    name: '',
    description: '',
    experiment: loaded.key,
    createdAtMs: clock.nowMs(),
    definition: '',
  }
}

/** The default endpoint in step with its service: made, or with definition and model renewed. */
function defaultEndpoint(publisher: Publisher, service: WebService): Endpoint {
  const there = publisher.store.endpointNamed(service.id, defaultEndpointName)
  if (there === undefined) return newEndpoint(publisher, service, { name: defaultEndpointName })
  return { ...there, definition: service.definition, resources: deployedResources(publisher, service) }
}

async function seedEndpoints(
  publisher: Publisher,
  service: WebService,
  seeded: SeededWebService,
): Promise<void> {
  const { store } = publisher
  for (const given of seeded.endpoints) {
    const there = store.endpointNamed(service.id, given.name)
    const endpoint = there === undefined ? newEndpoint(publisher, service, given) : { ...there, ...given }
    if (there !== undefined && there.id !== endpoint.id) await store.remove('endpoint', there.id)
    if (JSON.stringify(endpoint) !== JSON.stringify(there)) await store.put('endpoint', endpoint)
  }
}
