import type { Definition } from '../definitions/definition.ts'
import type { BlobReference } from '../storage/blobReference.ts'

/** A workspace: the token opens its management plane. */
export type Workspace = { id: string; name: string; token: string }

/** A published web service. `definition` and `model` are what its default endpoint has, and new endpoints begin with. */
export type WebService = {
  id: string
  workspaceId: string
  name: string
  description: string
  /** The experiment's key: its file's name without `.json`. */
  experiment: string
  createdAtMs: number
  /** Hash of the definition last published. */
  definition: string
  /** SHA-256 of the model it was deployed with; undefined where the experiment has none. */
  model?: string
  /** Where that model lies in the emulator's storage: `container/path`. */
  modelLocation?: string
}

/** A model that answers from `liveFromMs` on, until the next one's time has come. */
export type Install = { model: string; liveFromMs: number }

/**
 * An updatable resource of an endpoint: where its model was last loaded from (never a token; without a base location: in
 * the emulator's own storage, whose address may change) and which models answer when.
 */
export type EndpointResource = {
  name: string
  baseLocation?: string
  relativeLocation: string
  /** In the order of PATCHes; never empty. */
  installs: Install[]
  /** What PATCHes named, in their order, the last hundred: for `/admin`. */
  updates?: ResourceUpdated[]
}

/** A PATCH that took effect: where it said the model is (never a token), and when. */
export type ResourceUpdated = { relativeLocation: string; atMs: number }

export type ThrottleLevel = 'Low' | 'High'
export type TraceLevel = 'None' | 'Error' | 'All'

/** What PUT and PATCH may set on an endpoint. */
export type EndpointSettings = {
  description: string
  throttleLevel: ThrottleLevel
  maxConcurrentCalls: number
  preventUpdate: boolean
  diagnosticsTraceLevel: TraceLevel
  sampleDataEnabled: boolean
}

/** An endpoint of a web service, with its two keys and its own model. */
export type Endpoint = EndpointSettings & {
  id: string
  name: string
  workspaceId: string
  serviceId: string
  createdAtMs: number
  primaryKey: string
  secondaryKey: string
  /** Hash of the definition it runs: its service's at creation, until refreshed. */
  definition: string
  resources: EndpointResource[]
}

export type JobStatus = 'NotStarted' | 'Running' | 'Failed' | 'Cancelled' | 'Finished'

/** A BES job. Blob references are kept only until they are no longer needed: inputs until copied, outputs to sign results. */
export type Job = {
  id: string
  workspaceId: string
  serviceId: string
  endpointId: string
  definition: string
  status: JobStatus
  createdAtMs: number
  /** `start` was accepted; the job may still be queued and say NotStarted. */
  startedAtMs?: number
  finishedAtMs?: number
  /** By port; undefined once copied. */
  inputs?: Record<string, BlobReference>
  /** By port, `container/path`, also after they were copied; the extension says how a copy is read. */
  inputLocations: Record<string, string>
  /** By port: every output, the override or the place that the emulator chose. */
  outputs: Record<string, BlobReference>
  parameters: Record<string, string | number>
  /** Not given a worker before this time (a fault on demand). */
  notBeforeMs?: number
  /** The message that it fails with when it runs (a fault on demand). */
  plannedFailure?: string
  details?: string
  /** How often it was given a worker: twice when a restart interrupted it. */
  runs?: number
  /** Data rows that it trained on or scored. */
  rows?: number
}

/** What each kind of record is; `definition`'s id is its hash. */
export type Records = {
  workspace: Workspace
  webService: WebService
  endpoint: Endpoint
  definition: { id: string; definition: Definition }
  job: Job
}
export type RecordKind = keyof Records

/** A job in one of its three last states. */
export function isFinal(job: Job): boolean {
  return job.status !== 'NotStarted' && job.status !== 'Running'
}

/** The default endpoint: made with the web service, kept in step with it, never updated. */
export const defaultEndpointName = 'default'
