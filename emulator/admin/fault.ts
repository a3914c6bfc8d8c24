import { z } from 'zod'

/** Operations of the service, as faults and logs name them. */
export const operations = [
  ...['execute', 'submitJob', 'startJob', 'getJob', 'deleteJob'],
  ...['listWebServices', 'getWebService', 'publishWebService', 'deleteWebService'],
  ...['listEndpoints', 'getEndpoint', 'addEndpoint'],
  ...['updateEndpoint', 'deleteEndpoint', 'refreshEndpoint'],
] as const
export type Operation = (typeof operations)[number]

const aim = {
  /** How many times it happens; default once. */
  count: z.int().min(1).default(1),
  /** Endpoint id or name that it is about; default any. */
  endpoint: z.string().optional(),
}
const ofOperation = { ...aim, operation: z.enum(operations).optional() }
const seconds = z.number().min(0)

/** A fault on demand, as `POST /admin/faults` takes it. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The job fails when it runs, with this message in its Details. */
  z.strictObject({ kind: z.literal('failJob'), message: z.string().optional(), ...aim }),
  /** The job fails, and its Details hold the URL of its input with the token. */
  z.strictObject({ kind: z.literal('failJobWithSas'), ...aim }),
  /** The started job stays NotStarted for so long. */
  z.strictObject({ kind: z.literal('slowStart'), seconds, ...aim }),
  /** 503 RequestThrottled, or 429. */
  z.strictObject({
    kind: z.literal('throttle'),
    status: z.union([z.literal(503), z.literal(429)]).default(503),
    retryAfterSeconds: z.int().min(0).optional(),
    ...ofOperation,
  }),
  /** An error status and no effect. */
  z.strictObject({
    kind: z.literal('errorBefore'),
    status: z.int().min(400).max(599).default(500),
    ...ofOperation,
  }),
  /** The effect takes place, and then an error status. */
  z.strictObject({
    kind: z.literal('errorAfter'),
    status: z.int().min(400).max(599).default(500),
    ...ofOperation,
  }),
  /** Endpoints answer 401 for so long after they were created; holds until removed. */
  z.strictObject({ kind: z.literal('unauthorizedAfterCreation'), seconds, ...aim }),
  /** The tokens in a finished job's results are out of date. */
  z.strictObject({ kind: z.literal('expiredSas'), ...aim }),
  /** PATCH answers 200, shows the new location, and the old model stays. */
  z.strictObject({ kind: z.literal('patchKeepsModel'), ...aim }),
  /** PATCH takes effect so much later than usual. */
  z.strictObject({ kind: z.literal('patchLate'), seconds, ...aim }),
])
export type Fault = z.infer<typeof faultSchema>
export type FaultKind = Fault['kind']
