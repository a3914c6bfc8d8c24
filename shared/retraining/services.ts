/** Where a blob can be read: the three parts are concatenated. The token is asked for right before use and stored nowhere. */
export type ResourceLocation = { baseLocation: string; relativeLocation: string; sasBlobToken: string }

/** What the training web service says of a job. `outputs` is keyed by output port. */
export type Job =
  | { status: 'NotStarted' | 'Running' | 'Cancelled' }
  /** `message`: what the details say to a person, in one line, where they say more than that. */
  | { status: 'Failed'; details: string; message?: string }
  | { status: 'Finished'; outputs: Readonly<Record<string, ResourceLocation>> }

/** A training web service as the run needs it: where it is, who asks, and what its ports are called. */
export type TrainingService = {
  name: string
  /** `https://.../workspaces/{ws}/services/{endpointId}/jobs`, with or without `?api-version=2.0`. */
  jobsUrl: string
  /** A reference (`env:NAME`, `file:NAME`, `keyvault:NAME`), resolved when used. */
  apiKey: string
  inputPort: string
  modelPort: string
  evaluationPort: string
}

/** A customer's endpoint of the predictive web service. */
export type Endpoint = {
  /** The management URL, `.../workspaces/{ws}/webservices/{serviceId}/endpoints/{name}`: what PATCH is sent to. */
  url: string
  /** The API location, `.../workspaces/{ws}/services/{endpointId}`, for scoring. */
  scoringUrl: string
  /** A reference, as in {@link TrainingService.apiKey}. */
  apiKey: string
  /** The name in the PATCH body, `Census Model [trained model]`. */
  resourceName: string
  /** Its ports, where they are not `input1` and the first output. */
  inputPort?: string | undefined
  outputPort?: string | undefined
}

/** What an endpoint says of itself. */
export type EndpointDescription = {
  name: string
  /** The default endpoint can't be updated. */
  isDefault: boolean
  preventUpdate: boolean
  /** Its updatable resources and where each was last loaded from (no token). */
  resources: { name: string; baseLocation: string; relativeLocation: string }[]
}

/** One row to score, by column name. */
export type ScoringRow = Readonly<Record<string, string>>

/** What `start` did: `alreadyStarted` is the service's CannotStartJob: ask the status and go on. */
export type StartOutcome = 'started' | 'cannotStart'

/**
 * Port to the training web services (BES). Errors: `TerminalError` for 4xx (with the service's code, message and
 * details in the text), `RetryableError` for 408, 425, 429, 5xx, time-out and network, {@link CredentialRefused} for 401/403.
 */
export type TrainingPort = {
  /** Creates a job that does not run until started; answers the job id. */
  submitJob(service: TrainingService, input: ResourceLocation): Promise<string>
  startJob(service: TrainingService, jobId: string): Promise<StartOutcome>
  /** `gone`: the service does not know the job (any more). */
  getJob(service: TrainingService, jobId: string): Promise<Job | 'gone'>
  /** Cancels or deletes; a job that is gone is fine. */
  deleteJob(service: TrainingService, jobId: string): Promise<void>
}

/** Port to the endpoints of the predictive web services; errors as in {@link TrainingPort}. */
export type EndpointPort = {
  describeEndpoint(endpoint: Endpoint): Promise<EndpointDescription | 'gone'>
  /** The PATCH: installs the model at `location` under the endpoint's resource name. Unconditional. */
  updateEndpoint(endpoint: Endpoint, location: ResourceLocation): Promise<void>
  /** Scores rows (RRS); one answer row for each, by output column name. */
  score(endpoint: Endpoint, rows: readonly ScoringRow[]): Promise<Record<string, string>[]>
}

/** The service refused our key (401, 403), also after it was resolved again. */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused'
}
