import { randomUUID } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { FunctionDefinition } from '../invocation/functionDefinition.ts'
import type { Invoker } from '../invocation/invoker.ts'
import type { RpcData } from '../worker/protocol.ts'
import { headersOf } from './httpRequest.ts'
import { writeStatus } from './httpResponse.ts'

/**
 * Calls a function of an app that streams HTTP (`app.setup({ enableHttpStream: true })`): the request goes to the worker's own
 * server as it comes, the answer comes back as the function writes it. Source: the library's httpProxy.
 */
export async function callStreamed(
  ports: { invoker: Invoker; httpUri: string },
  call: { definition: FunctionDefinition; params: Record<string, string>; traceParent: string | undefined },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const invocationId = randomUUID()
  const gone = new AbortController()
  const metadata: Record<string, RpcData> = {
    ...Object.fromEntries(Object.entries(call.params).map(([name, value]) => [name, { string: value }])),
    Headers: { json: JSON.stringify(headersOf(request)) },
  }
  const outcome = ports.invoker.invoke(call.definition, {
    data: { http: {} },
    metadata,
    invocationId,
    traceParent: call.traceParent,
  })
  const streamed = forward(ports.httpUri, { invocationId, signal: gone.signal }, request, response)
  const failed = outcome.then((ended) => {
    if (ended.kind === 'succeeded') return streamed
    gone.abort()
    return Promise.reject(new Error(ended.message))
  })
  try {
    await Promise.race([failed, streamed])
  } catch {
    if (response.headersSent) response.destroy()
    else writeStatus(response, 500)
  }
  await Promise.allSettled([outcome, streamed])
}

function forward(
  httpUri: string,
  via: { invocationId: string; signal: AbortSignal },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host = '', connection: _connection, ...headers } = request.headers
    const target = httpRequest(new URL(request.url ?? '/', httpUri), {
      method: request.method,
      signal: via.signal,
      headers: {
        ...headers,
        'x-forwarded-host': host,
        'x-forwarded-proto': 'http',
        'x-ms-invocation-id': via.invocationId,
      },
    })
    target.on('error', reject)
    target.on('response', (answer) => {
      const { 'x-ms-invocation-id': _id, ...answerHeaders } = answer.headers
      response.writeHead(answer.statusCode ?? 500, answerHeaders)
      pipeline(answer, response).then(resolve, reject)
    })
    pipeline(request, target).catch(reject)
  })
}
