import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BlobMessage } from '../blob/blobMessage.ts'
import { type FunctionDefinition, functionsOf, type Trigger } from '../invocation/functionDefinition.ts'
import { type HostLog, reasonOf } from '../log.ts'
import { type AdminPorts, answerAdmin } from './admin.ts'
import { isChunked, readBody, requestData, urlOf } from './httpRequest.ts'
import { writeFunctionResponse, writeStatus } from './httpResponse.ts'
import { isAllowed, keyOf } from './keys.ts'
import { compileRoute, type Route } from './routes.ts'
import { callStreamed } from './streamedCall.ts'
import { answerWebhook } from './webhook.ts'

/** What answering requests needs. Without `keys` every request is an administrator's, as with `func start`. */
export type HttpAppPorts = AdminPorts & {
  routePrefix: string
  /** Where the worker takes streamed requests, if the app streams. */
  httpUri(): Promise<string | undefined>
  postBlobMessage(message: BlobMessage): Promise<void>
  log: HostLog
}

/** Answers one request. */
export type HttpApp = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type HttpFunction = FunctionDefinition<Extract<Trigger, { kind: 'http' }>>
type RoutedFunction = { definition: HttpFunction; route: Route }

/** Creates what answers the requests of a host: its functions, the blob webhook and the administration. */
export function createHttpApp(ports: HttpAppPorts): HttpApp {
  const routed = functionsOf(ports.functions, 'http')
    .map((definition) => ({ definition, route: compileRoute(ports.routePrefix, definition.trigger.route) }))
    .sort((one, other) => (one.route.rank < other.route.rank ? -1 : 1))
  return async (request, response) => {
    try {
      await answer(ports, routed, request, response)
    } catch (thrown) {
      ports.log.error(`Cannot answer ${request.method} ${urlOf(request).pathname}: ${reasonOf(thrown)}`)
      if (response.headersSent) response.destroy()
      else writeStatus(response, 500)
    }
  }
}

async function answer(
  ports: HttpAppPorts,
  routed: readonly RoutedFunction[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = urlOf(request)
  if (pathname.startsWith('/admin/')) return answerAdmin(ports, request, response)
  if (pathname === '/runtime/webhooks/blobs') return answerWebhook(ports, request, response)
  const found = find(routed, request.method ?? 'GET', pathname)
  if (found !== undefined) return answerFunction(ports, found, request, response)
  return writeStatus(response, pathname === '/' ? 200 : 404)
}

type Found = { definition: HttpFunction; params: Record<string, string> }

function find(routed: readonly RoutedFunction[], method: string, path: string): Found | undefined {
  for (const { definition, route } of routed) {
    const params = definition.trigger.methods.includes(method) ? route.match(path) : undefined
    if (params !== undefined) return { definition, params }
  }
  return undefined
}

async function answerFunction(
  ports: HttpAppPorts,
  { definition, params }: Found,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { keys, invoker } = ports
  const key = keyOf(request.headers, urlOf(request).searchParams)
  const isOpen = keys === undefined || isAllowed(keys, definition.name, definition.trigger.authLevel, key)
  if (!isOpen) return writeStatus(response, 401)
  // The real host ignores retry policies of HTTP functions.
  const once = { ...definition, retry: undefined }
  const traceParent = request.headers.traceparent?.toString()
  const httpUri = await ports.httpUri()
  if (httpUri !== undefined) {
    return callStreamed({ invoker, httpUri }, { definition: once, params, traceParent }, request, response)
  }
  const body = await readBody(request)
  if (body.kind === 'tooLarge') return writeStatus(response, 413)
  const bytes = isChunked(request) ? dropBody(ports, definition.name, body.bytes) : body.bytes
  const data = requestData(request, params, bytes)
  const outcome = await invoker.invoke(once, { data, metadata: {}, traceParent })
  if (outcome.kind === 'failed') return writeStatus(response, 500)
  writeFunctionResponse(response, outcome.response)
}

/** As in the real host, which hands on only bodies with a length; it does so without a word. */
function dropBody(ports: HttpAppPorts, functionName: string, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes
  ports.log.warn(
    `The chunked body of a request of ${functionName} is dropped, as in Azure: only app.setup({ enableHttpStream: true }) gets it`,
  )
  return Buffer.alloc(0)
}
