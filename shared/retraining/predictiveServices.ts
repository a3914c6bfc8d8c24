import type { Order } from './head.ts'
import type { ModelKey } from './names.ts'
import type { EndpointDescription } from './services.ts'
import type { TrainingServiceSettings, WrittenSettings } from './settings.ts'
import type { Stored } from './stores.ts'

/** A predictive web service as its endpoints are managed: where it is and who asks. */
export type PredictiveService = {
  name: string
  /** `https://management.../workspaces/{ws}/webservices/{serviceId}`, without a slash at its end. */
  managementUrl: string
  /** A reference (`env:NAME`, `file:NAME`, `keyvault:NAME`) to the workspace's token. */
  token: string
}

/** What a new endpoint is made with. `{customer}` and `{model}` in the description stand for the ids. */
export type EndpointTemplate = {
  description?: string | undefined
  throttleLevel?: 'Low' | 'High' | undefined
  /** Requests at a time; of no effect with `Low`. */
  maxConcurrentCalls?: number | undefined
  logging?: 'None' | 'Error' | 'All' | undefined
  sampleData?: boolean | undefined
}

/** One row of the `webservices` table: a predictive web service. */
export type PredictiveServiceSettings = PredictiveService & {
  /** The resource that is updated, where a model names none and an endpoint has several. */
  resourceName?: string | undefined
  inputPort?: string | undefined
  outputPort?: string | undefined
  template?: EndpointTemplate | undefined
}

/** A key that prints as nothing: only `reveal` gives it out. */
export type HiddenKey = { reveal(): string }

/** An endpoint by name: what it says of itself, where it is scored, since when it is there, and its key. */
export type ManagedEndpoint = EndpointDescription & {
  scoringUrl: string
  createdAtMs?: number | undefined
  key: HiddenKey
}

/** An endpoint in a list; its keys are left behind. */
export type ListedEndpoint = { name: string; description: string; createdAtMs?: number | undefined }

/**
 * Port to the management of a predictive web service's endpoints. Errors: `TerminalError` for 4xx, `RetryableError` for
 * what may pass, `CredentialRefused` for 401 and 403.
 */
export type ManagementPort = {
  /** Makes the endpoint; one that is there gets the template's settings and keeps its keys and its model. */
  createEndpoint(service: PredictiveService, name: string, template: EndpointTemplate): Promise<void>
  /** The endpoint with its key and resources; undefined when there is none of the name. */
  findEndpoint(service: PredictiveService, name: string): Promise<ManagedEndpoint | undefined>
  /** Every endpoint, by name, the default one too. */
  listEndpoints(service: PredictiveService): Promise<ListedEndpoint[]>
  /** One that is gone is fine. */
  deleteEndpoint(service: PredictiveService, name: string): Promise<void>
  /** Takes over the experiment of the default endpoint and keeps the models under the same resource names. */
  refreshEndpoint(service: PredictiveService, name: string): Promise<'refreshed' | 'unchanged'>
}

/** Who an endpoint belongs to: one customer's model, or the comparing of models (staging). */
export type EndpointOwner = ModelKey | 'staging'

/** Which endpoint is whose: no two models ever share one. */
export type EndpointOwners = {
  /** Takes the endpoint for this owner unless it is another's; answers whose it is. */
  takeEndpoint(url: string, owner: EndpointOwner): Promise<EndpointOwner>
  readOwner(url: string): Promise<EndpointOwner | undefined>
  releaseEndpoint(url: string): Promise<void>
  /** The URLs of what was taken for a model; looks at every row. */
  listOwned(key: ModelKey): Promise<string[]>
}

/** What a settings row is swapped with: it is written only while it is as it was read, `etag` its own. */
type Swap<Value> = (value: Value, etag: string) => Promise<'written' | 'changed'>

/** Web services by name. `find...` answers the ETag too. */
export type WebServiceStore = {
  findTrainingService(name: string): Promise<Stored<TrainingServiceSettings> | undefined>
  swapTrainingService: Swap<TrainingServiceSettings>
  findPredictiveService(name: string): Promise<Stored<PredictiveServiceSettings> | undefined>
  swapPredictiveService: Swap<PredictiveServiceSettings>
  readTrainingService(name: string): Promise<TrainingServiceSettings | undefined>
  putTrainingService(service: TrainingServiceSettings): Promise<void>
  readPredictiveService(name: string): Promise<PredictiveServiceSettings | undefined>
  putPredictiveService(service: PredictiveServiceSettings): Promise<void>
  /** The names, a page at a time. */
  listTrainingServices(next: string | undefined): Promise<{ items: string[]; next?: string }>
  listPredictiveServices(next: string | undefined): Promise<{ items: string[]; next?: string }>
}

/** One row of a list of settings; of a damaged row its problem. */
export type ListedSettings = ModelKey & ({ settings: WrittenSettings } | { problem: string })

/** Settings as they were read, with the ETag of their row. */
export type ReadSettings = { settings: WrittenSettings; offboarded?: Order | undefined; etag: string }

/** Settings of models as they are written, also of those that are off-boarded: their row stays, and counts as none. */
export type ModelSettingsStore = {
  readWritten(key: ModelKey): Promise<ReadSettings | undefined>
  /** Writes the settings whatever is there. */
  putSettings(settings: WrittenSettings): Promise<void>
  /** Writes them only while the row is still as it was read: `etag` is its, undefined where there was none. */
  swapSettings(settings: WrittenSettings, etag: string | undefined): Promise<'written' | 'changed'>
  markOffboarded(settings: WrittenSettings, order: Order): Promise<void>
  /** In key order, a page at a time, without those that are off-boarded; with `customerId` those of one customer. */
  listSettings(page: {
    size: number
    next?: string | undefined
    customerId?: string | undefined
  }): Promise<{ items: ListedSettings[]; next?: string }>
}

/** Where keys are kept; rows hold the reference only. */
export type SecretStore = {
  /** Writes the key under the name unless it is there already; answers the reference it is read by. */
  storeSecret(name: string, key: HiddenKey): Promise<string>
}

/** The management URL of an endpoint, what PATCH is sent to. Pure. */
export function endpointUrl(
  { managementUrl }: Pick<PredictiveService, 'managementUrl'>,
  name: string,
): string {
  return `${managementUrl.replace(/\/+$/, '')}/endpoints/${name}`
}

/** The endpoint's name, from its management URL. Pure. */
export function endpointName(url: string): string {
  return decodeURIComponent(url.split(/[?#]/)[0]?.split('/').at(-1) ?? '')
}
