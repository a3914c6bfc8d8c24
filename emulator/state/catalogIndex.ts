import type { Definition } from '../definitions/definition.ts'
import type { Change } from './logLine.ts'
import type { Endpoint, Job, RecordKind, Records, WebService, Workspace } from './records.ts'

/** Lookups over the records in memory. Ids are found in any case. */
export type Index = {
  workspace(id: string): Workspace | undefined
  workspaces(): Iterable<Workspace>
  webService(id: string): WebService | undefined
  webServicesOf(workspaceId: string): WebService[]
  endpoint(id: string): Endpoint | undefined
  endpointNamed(serviceId: string, name: string): Endpoint | undefined
  endpointsOf(serviceId: string): Iterable<Endpoint>
  endpointCount(serviceId: string): number
  definition(hash: string): Definition | undefined
  job(id: string): Job | undefined
  jobs(): Iterable<Job>
  recordCount(): number
  apply(change: Change): void
  changes(): Iterable<Change>
}

type Maps = { [K in RecordKind]: Map<string, Records[K]> }

/** An empty index. */
export function createIndex(): Index {
  const maps: Maps = {
    workspace: new Map(),
    webService: new Map(),
    endpoint: new Map(),
    definition: new Map(),
    job: new Map(),
  }
  /** Service id to its endpoints by name. */
  const names = new Map<string, Map<string, Endpoint>>()
  const namesOf = (serviceId: string) => names.get(serviceId.toLowerCase())
  return {
    workspace: (id) => maps.workspace.get(id.toLowerCase()),
    workspaces: () => maps.workspace.values(),
    webService: (id) => maps.webService.get(id.toLowerCase()),
    webServicesOf: (workspaceId) =>
      [...maps.webService.values()].filter((service) => service.workspaceId === workspaceId),
    endpoint: (id) => maps.endpoint.get(id.toLowerCase()),
    endpointNamed: (serviceId, name) => namesOf(serviceId)?.get(name),
    endpointsOf: (serviceId) => namesOf(serviceId)?.values() ?? [],
    endpointCount: (serviceId) => namesOf(serviceId)?.size ?? 0,
    definition: (hash) => maps.definition.get(hash)?.definition,
    job: (id) => maps.job.get(id.toLowerCase()),
    jobs: () => maps.job.values(),
    recordCount: () => Object.values(maps).reduce((sum, map) => sum + map.size, 0),
    apply: (change) => applyChange(maps, names, change),
    changes: () => allChanges(maps),
  }
}

function applyChange(maps: Maps, names: Map<string, Map<string, Endpoint>>, change: Change): void {
  const kind = ('put' in change ? change.put : change.remove) as RecordKind
  const map = maps[kind] as Map<string, unknown>
  const key = change.id.toLowerCase()
  const before = map.get(key)
  if (kind === 'endpoint' && before !== undefined) unname(names, before as Endpoint)
  if ('put' in change) map.set(key, change.value)
  else map.delete(key)
  if (kind === 'endpoint' && 'put' in change) named(names, change.value as Endpoint)
}

function named(names: Map<string, Map<string, Endpoint>>, endpoint: Endpoint): void {
  const key = endpoint.serviceId.toLowerCase()
  const ofService = names.get(key) ?? new Map<string, Endpoint>()
  names.set(key, ofService.set(endpoint.name, endpoint))
}

function unname(names: Map<string, Map<string, Endpoint>>, endpoint: Endpoint): void {
  names.get(endpoint.serviceId.toLowerCase())?.delete(endpoint.name)
}

function* allChanges(maps: Maps): Iterable<Change> {
  for (const [kind, map] of Object.entries(maps)) {
    for (const value of map.values()) yield { put: kind, id: value.id, value }
  }
}
