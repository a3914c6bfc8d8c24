import type { Emulator } from './emulator.ts'
import { apiLocation, helpLocation } from './management/json.ts'

/** What an emulator serves: printed when it is ready, with `--json` as one line. Holds tokens and keys. */
export type Description = {
  url: string
  /** Connection string of the storage that outputs go to. */
  storage: string
  workspaces: {
    id: string
    token: string
    webServices: {
      id: string
      name: string
      kind: 'training' | 'predictive' | 'transform'
      endpoints: {
        name: string
        id: string
        primaryKey: string
        apiLocation: string
        helpLocation: string
      }[]
    }[]
  }[]
}

/** Describes everything that is served now. */
export function describe({ store }: Pick<Emulator, 'store'>, url: string, storage: string): Description {
  const workspaces = [...store.workspaces()].map(({ id, token }) => ({
    id,
    token,
    webServices: store.webServicesOf(id).map((service) => ({
      id: service.id,
      name: service.name,
      kind: store.definition(service.definition)?.kind ?? 'transform',
      endpoints: [...store.endpointsOf(service.id)].map((endpoint) => ({
        name: endpoint.name,
        id: endpoint.id,
        primaryKey: endpoint.primaryKey,
        apiLocation: apiLocation(endpoint, url),
        helpLocation: helpLocation(endpoint, url),
      })),
    })),
  }))
  return { url, storage, workspaces }
}
