import { type ProblemBody, toApiError, toNetworkError } from './apiErrors.ts'
import type { Target } from './target.ts'

/** Values of a query; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** What a request takes beside its path: JSON or a CSV file as its body; `reason` is why (default: the command line's). */
export type RequestOptions = {
  query?: Query | undefined
  body?: unknown
  csv?: Uint8Array<ArrayBuffer> | undefined
  reason?: string | undefined
  ifMatch?: string | undefined
  signal?: AbortSignal | undefined
}

/** A read answer: its JSON and its ETag. */
export type Answer<Body> = { body: Body; etag?: string | undefined; status: number }

/**
 * The app's HTTP API. Paths are below `/api` and without a slash before: `path('customers', id)`. Each call answers the JSON
 * body; it throws ApiError for an answer that is no success, CliError (5) where there is none.
 */
export type ApiClient = {
  get<Body>(path: string, options?: RequestOptions): Promise<Body>
  post<Body>(path: string, options?: RequestOptions): Promise<Body>
  put<Body>(path: string, options?: RequestOptions): Promise<Body>
  remove<Body>(path: string, options?: RequestOptions): Promise<Body>
  /** As the others, with the ETag. */
  send<Body>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>>
  /** Every item of a paged list, page after page. */
  pages<Item>(path: string, query?: Query): AsyncGenerator<Item>
}

/** Joins parts into a path; what stands in a part can't end it. Pure. */
export function path(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/')
}

/** Who calls, and why unless a call says so itself. The target is looked for at the first call. */
export type ClientOptions = {
  target(): Target
  caller: string
  reason: string
  timeoutMs: number
  /** Ends what is under way, as Ctrl-C does. */
  signal?: AbortSignal
  fetch?: typeof fetch
}

/** Creates the client. The key goes into a header, to the target's own address only. */
export function createApiClient(options: ClientOptions): ApiClient {
  const send = <Body>(method: string, to: string, request: RequestOptions = {}) =>
    sendRequest<Body>(options, method, { to, request })
  const body =
    (method: string) =>
    async <Body>(to: string, request?: RequestOptions) =>
      (await send<Body>(method, to, request)).body
  return {
    get: body('GET'),
    post: body('POST'),
    put: body('PUT'),
    remove: body('DELETE'),
    send,
    async *pages<Item>(to: string, query: Query = {}) {
      let continuation: string | undefined
      do {
        const page = await send<{ items: Item[]; continuation?: string }>('GET', to, {
          query: { ...query, continuation },
        })
        yield* page.body.items
        continuation = page.body.continuation
      } while (continuation !== undefined)
    },
  }
}

async function sendRequest<Body>(
  options: ClientOptions,
  method: string,
  { to, request }: { to: string; request: RequestOptions },
): Promise<Answer<Body>> {
  const target = options.target()
  const url = new URL(`${target.url}/api/${to}`)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signals = [timeout, request.signal, options.signal].filter((each) => each !== undefined)
  const response = await ask(options.fetch ?? fetch, url, target, {
    method,
    headers: headersOf(options, target, request),
    body: request.csv ?? (request.body === undefined ? null : JSON.stringify(request.body)),
    signal: AbortSignal.any(signals),
    redirect: 'manual',
  })
  const text = await response.text().catch((cause: unknown) => {
    throw toNetworkError(target.url, cause)
  })
  if (!response.ok) throw toApiError(target.url, response.status, problemOf(text))
  return {
    body: parse<Body>(target, text),
    etag: response.headers.get('etag') ?? undefined,
    status: response.status,
  }
}

async function ask(fetchNow: typeof fetch, url: URL, target: Target, init: RequestInit): Promise<Response> {
  try {
    return await fetchNow(url, init)
  } catch (cause) {
    throw toNetworkError(target.url, cause)
  }
}

function headersOf(options: ClientOptions, { key }: Target, request: RequestOptions): Record<string, string> {
  return {
    accept: 'application/json',
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    ...(request.csv !== undefined && { 'content-type': 'text/csv' }),
    ...(key !== undefined && { 'x-functions-key': key }),
    ...(request.ifMatch !== undefined && { 'if-match': request.ifMatch }),
    'x-retrain-caller': headerText(options.caller),
    'x-retrain-reason': headerText(request.reason ?? options.reason),
  }
}

/** A header holds no line breaks and nothing beyond Latin-1: the rest, and %, is percent-encoded as UTF-8. */
function headerText(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x20-\x7e]+|%/gu, (foreign) => encodeURIComponent(foreign))
}

function problemOf(text: string): ProblemBody | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'code' in body ? (body as ProblemBody) : undefined
  } catch {
    return undefined
  }
}

function parse<Body>(target: Target, text: string): Body {
  try {
    return (text === '' ? undefined : JSON.parse(text)) as Body
  } catch {
    throw toNetworkError(target.url, Object.assign(new Error('no JSON'), { code: 'its answer is no JSON' }))
  }
}
