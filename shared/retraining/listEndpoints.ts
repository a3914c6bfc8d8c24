import { concurrently } from './concurrently.ts'
import type { ModelKey } from './names.ts'
import {
  type EndpointOwners,
  endpointUrl,
  type ListedEndpoint,
  type ManagementPort,
  type PredictiveService,
} from './predictiveServices.ts'

/** An endpoint of a predictive web service and whose it is, where it is anybody's. */
export type OwnedEndpoint = ListedEndpoint & { owner?: ModelKey | undefined; isStaging: boolean }

const atOnce = 16

/**
 * A page of a service's endpoints by name, without the default one; `after` is the name before. Whose each is, is read of the
 * page's only.
 */
export async function listEndpoints(
  ports: Pick<ManagementPort, 'listEndpoints'> & Pick<EndpointOwners, 'readOwner'>,
  service: PredictiveService,
  { size, after = '' }: { size: number; after?: string | undefined },
): Promise<{ items: OwnedEndpoint[]; next?: string | undefined }> {
  const all = (await ports.listEndpoints(service)).filter(({ name }) => name.toLowerCase() !== 'default')
  const rest = all.filter(({ name }) => name > after)
  const page = rest.slice(0, size)
  const items = await concurrently(page, atOnce, async (endpoint) => {
    const owner = await ports.readOwner(endpointUrl(service, endpoint.name))
    return { ...endpoint, owner: owner === 'staging' ? undefined : owner, isStaging: owner === 'staging' }
  })
  return { items, next: rest.length > page.length ? page.at(-1)?.name : undefined }
}
