import type { ApiPorts } from '../../../shared/api/apiPorts.ts'
import { noSuchRoute } from '../../../shared/api/noSuchRoute.ts'
import type { Route } from '../../../shared/api/route.ts'
import { routes as all } from '../../../shared/api/routes.ts'
import { answering, serve } from '../../../shared/api/serve.ts'

/** How a test calls a route; `path` is below `/api`, with its query. */
export type Call = { headers?: Record<string, string>; body?: unknown; text?: string }

/** An answer with its JSON. */
export type Called = { status: number; headers: Record<string, string>; body: Record<string, unknown> }

/** Calls routes as the Functions host does: the address picks the route, without a socket. */
export function createApiCalls(given: Partial<ApiPorts>, routes: readonly Route[] = all) {
  const ports = withoutOthers(given)
  const reports: string[] = []
  let calls = 0
  const opener = () => ({
    invocationId: `invocation-${++calls}`,
    connect: async () => ports,
    report: (line: string) => void reports.push(line),
  })
  const call = async (method: string, path: string, { headers = {}, body, text }: Call = {}) => {
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body))
    const sent = new Headers(headers)
    if (content !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json')
    const init = { method, headers: sent, ...(content !== undefined && { body: content }) }
    const request = new Request(`https://app.example/api/${path}`, init)
    const url = new URL(request.url)
    const found = find(routes, method, url.pathname.replace('/api/', ''))
    const input = {
      method,
      url: request.url,
      headers: request.headers,
      params: found?.params ?? {},
      arrayBuffer: () => request.arrayBuffer(),
    }
    const answer =
      found === undefined
        ? await answering(input, opener(), async () => {
            throw noSuchRoute(routes, input)
          })
        : await serve(found.route, input, opener())
    return { ...answer, body: answer.body === '' ? {} : JSON.parse(answer.body) } as Called
  }
  return {
    call,
    reports,
    get: (path: string, given?: Call) => call('GET', path, given),
    /** With a reason, as every write needs one. */
    post: (path: string, body?: unknown, given: Call = {}) =>
      call('POST', path, { ...given, body, headers: { 'x-retrain-reason': 'a test', ...given.headers } }),
  }
}

/** A route that uses a port the test does not give fails with its name. */
function withoutOthers(given: Partial<ApiPorts>): ApiPorts {
  return new Proxy(given, {
    get(target, name: keyof ApiPorts & string) {
      // An object with a `then` would be awaited for ever.
      if (name in target || (name as string) === 'then') return target[name]
      return () => Promise.reject(new Error(`this test has no port ${name}`))
    },
  }) as ApiPorts
}

/** The route whose literal parts fit best, as the host finds it. */
function find(routes: readonly Route[], method: string, path: string) {
  const given = path.split('/').map((part) => {
    try {
      return decodeURIComponent(part)
    } catch {
      return part
    }
  })
  const fitting = routes
    .filter((route) => route.method === method)
    .map((route) => ({ route, parts: route.path.split('/') }))
    .filter(({ parts }) => parts.length === given.length)
    .filter(({ parts }) => parts.every((part, index) => part.startsWith('{') || part === given[index]))
    .sort((one, other) => (one.route.path < other.route.path ? -1 : 1))
  const [best] = fitting
  if (best === undefined) return undefined
  const named = best.parts.flatMap((part, index) =>
    part.startsWith('{') ? [[part.slice(1, -1), given[index] ?? '']] : [],
  )
  return { route: best.route, params: Object.fromEntries(named) as Record<string, string> }
}
