import type { z } from 'zod'
import type { ApiPorts } from './apiPorts.ts'
import type { FileBody } from './readBody.ts'

/** A request after its checks: each part is what the route's schema made of it. */
export type ApiRequest<Params = Fields, Query = Fields, Body = unknown> = {
  params: Params
  query: Query
  body: Body
  /** The principal's name with Entra in front, else the name that the caller gave, else `unnamed`. */
  caller: string
  /** Of a write, never empty; of a read `''`. */
  reason: string
  requestId: string
  /** The ETag in `If-Match` as the route gave it out, or `*`. */
  ifMatch?: string | undefined
}

/** 503 is for an answer that says what is broken: the body of `health`. */
export type AnswerStatus = 200 | 201 | 202 | 503

/**
 * What a handler answers. `body` may hold instants as `...AtMs`: they leave as ISO `...At`. It then passes the route's
 * `answer` schema, which drops what it doesn't name: nothing else ever leaves. `etag` is any text.
 */
export type ApiAnswer = { status?: AnswerStatus; body: unknown; etag?: string | undefined }

/** The methods there are. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

type Fields = Readonly<Record<string, unknown>>

/** A route as the framework keeps it, whatever its schemas. */
export type Route = Described<z.ZodObject, z.ZodObject, z.ZodType> & {
  handle(ports: ApiPorts, request: ApiRequest): Promise<ApiAnswer>
}

type Described<Params, Query, Body> = {
  /** Unique; the function's name in Azure and the operation id: `listModels`. */
  name: string
  method: Method
  /** Below `/api`, `customers/{customerId}/models/{model}`; each `{name}` is in `params`. */
  path: string
  /** `admin` asks for the host's master key: for what changes the whole fleet or gives a key out. */
  authLevel: 'function' | 'admin'
  /** One line for the document: what it does. */
  summary: string
  /** Heading of the document, `runs`. */
  topic: string
  params?: Params
  query?: Query
  /** Unknown fields are refused; a write's `reason` is not part of it. */
  body?: Body
  /** The body is a file, not JSON: `body: fileBody`, whose output is its bytes. The reason is in the header then. */
  file?: FileBody
  /** The answer's body. With `continuation` among its fields the list is paged, see `paging.ts`. */
  answer: z.ZodType
  /** Success statuses, 200 where absent. */
  statuses?: readonly AnswerStatus[]
  /** A verb phrase, `approve run`: the route needs a reason and leaves an entry in the audit log. Every write has it. */
  audited?: string
  /** Marks a write that compares `If-Match` as it writes; others refuse it. */
  matches?: true
  /** Marks a POST that changes nothing: its question does not fit into a query. */
  readsOnly?: true
  /** Marks the two answers that hold a key or a SAS on purpose: see the promise S4. */
  handsOutSecret?: true
}

/**
 * Defines a route. Its handler gets params, query and body as the schemas made them; it throws Problem for what the caller
 * should know, and whatever its use cases throw (`toProblem` says what becomes of that).
 *
 * @example
 * export const showCustomer = defineRoute({
 *   name: 'showCustomer', method: 'GET', path: 'customers/{customerId}', authLevel: 'function', topic: 'customers',
 *   summary: "A customer's models", params: customerParams, answer: customerView,
 *   handle: async (ports, { params }) => ({ body: await showCustomer(ports, params.customerId) }),
 * })
 */
export function defineRoute<
  Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(
  route: Described<Params, Query, Body> & {
    handle(
      ports: ApiPorts,
      request: ApiRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
    ): Promise<ApiAnswer>
  },
): Route {
  return route
}
