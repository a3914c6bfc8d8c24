import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Admission, type AdmitPorts, admit } from './admit.ts'
import { apiSuffix, matchOperation, type Operation } from './operations.ts'
import type { Backend } from './proxy/backend.ts'
import { type Forwarded, forward } from './proxy/forward.ts'
import { requestHeaders } from './proxy/headers.ts'
import type { Target } from './proxy/target.ts'
import { answerRefusal, keyHeader, type Refusal } from './refusals.ts'
import type { UsageRecorder } from './usage/recorder.ts'
import { nobody } from './usage/rollup.ts'

/** What a call of the API needs. `now` is epoch milliseconds, also with fractions. */
export type CallPorts = AdmitPorts & {
  backend: Backend
  usage: UsageRecorder
  /** The value behind a subscription's reference to an endpoint's key. */
  endpointKey(reference: string): string | undefined
  /** Told of what the operator should know; holds no key. */
  report(line: string): void
  /** For latencies only, in milliseconds from any start. */
  elapsedMs(): number
}

/** A request with its target read. `baseUrl` is what the caller calls the gateway. */
export type Call = { message: IncomingMessage; response: ServerResponse; target: Target; baseUrl: string }

type Routed = { operation: Operation; path: string }

/** Asked for by the try-it page on this machine: the answer then says what the back end was asked. */
const traceHeader = 'x-gateway-trace'
const tracedUrlHeader = 'X-Gateway-Requested-Url'

/** Answers a call of the API: 404 for anything but its operations, then the key, then the limits, then the back end. */
export async function handleCall(ports: CallPorts, call: Call): Promise<void> {
  const startedMs = ports.elapsedMs()
  const { message, target } = call
  const routed = matchOperation(message.method ?? '', target.path)
  if (routed === undefined) return refuse(call, { kind: 'notFound' })
  const key = message.headers[keyHeader.toLowerCase()] ?? target.key
  const admission = await admitOrReport(ports, String(key ?? ''))
  if (admission.kind === 'refused') {
    const subscription = admission.subscription?.name ?? nobody
    const none = { bytesIn: 0, bytesOut: 0 }
    ports.usage.record({ subscription, operation: routed.operation.id, status: 'blocked', ...none })
    return refuse(call, admission.refusal)
  }
  const forwarded = await pass(ports, call, routed, admission)
  ports.usage.record({
    subscription: admission.subscription.name,
    operation: routed.operation.id,
    status: forwarded.kind === 'answered' && forwarded.status < 400 ? 'ok' : 'failed',
    bytesIn: 'bytesIn' in forwarded ? forwarded.bytesIn : 0,
    bytesOut: 'bytesOut' in forwarded ? forwarded.bytesOut : 0,
    latencyMs: ports.elapsedMs() - startedMs,
  })
}

/** Where limits or subscriptions can't be read nobody is let in: a limit is never passed. */
async function admitOrReport(ports: CallPorts, key: string): Promise<Admission> {
  try {
    return await admit(ports, key)
  } catch (error) {
    ports.report(`Cannot check a call: ${error instanceof Error ? error.message : String(error)}`)
    return { kind: 'refused', refusal: { kind: 'unavailable' } }
  }
}

async function pass(
  ports: CallPorts,
  call: Call,
  { operation, path }: Routed,
  { subscription, product }: Admission & { kind: 'admitted' },
): Promise<Forwarded> {
  const { message, response, target } = call
  const isInjected = product.endpointKeyMode === 'inject' || subscription.endpointKey !== undefined
  const key = isInjected ? ports.endpointKey(subscription.endpointKey ?? '') : undefined
  if (isInjected && key === undefined) {
    ports.report(`Cannot call for subscription ${subscription.name}: its endpoint key is not set`)
    refuse(call, { kind: 'noAnswer' })
    return { kind: 'noAnswer', reason: 'no endpoint key' }
  }
  const pathAndQuery = target.query === '' ? path : `${path}?${target.query}`
  const { origin, basePath } = ports.backend
  const isTraced = message.headers[traceHeader] === 'true' && isLocal(message)
  const request = {
    method: operation.method,
    path: pathAndQuery,
    headers: requestHeaders(message.rawHeaders, key === undefined ? undefined : `Bearer ${key}`),
    extraHeaders: isTraced ? [tracedUrlHeader, origin + basePath + pathAndQuery] : [],
  }
  const forwarded = await forward(ports.backend, request, message, response)
  if (forwarded.kind === 'noAnswer' || forwarded.kind === 'timedOut') {
    ports.report(`Cannot get an answer of ${origin}: ${forwarded.reason}`)
    refuse(call, { kind: forwarded.kind })
  }
  return forwarded
}

/** Whether the caller is on this machine, and no proxy in between says that it speaks for another. */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const isLoopback = address === '::1' || address.startsWith('127.')
  return isLoopback && headers.forwarded === undefined && headers['x-forwarded-for'] === undefined
}

/** Answers with a refusal. */
export function refuse({ response, baseUrl }: Pick<Call, 'response' | 'baseUrl'>, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return
  const { status, body, headers } = answerRefusal(refusal, `${baseUrl}/${apiSuffix}`)
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}
