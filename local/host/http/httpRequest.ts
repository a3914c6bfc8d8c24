import type { IncomingMessage } from 'node:http'
import type { RpcData } from '../worker/protocol.ts'

/** As the real host's default. */
const mostBodyBytes = 100 * 1024 * 1024

/** A body that is read, or that is too large to be. */
export type Body = { kind: 'read'; bytes: Buffer } | { kind: 'tooLarge' }

/** Reads a whole body, at most 100 MB. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > mostBodyBytes) return { kind: 'tooLarge' }
    chunks.push(chunk)
  }
  return { kind: 'read', bytes: Buffer.concat(chunks) }
}

/** Whether the body comes without a length: the real host gives it to functions only when the app streams. Pure. */
export function isChunked(request: IncomingMessage): boolean {
  return request.headers['content-length'] === undefined && request.headers['transfer-encoding'] !== undefined
}

/** The address as the caller wrote it. */
export function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`)
}

/** A request as the function gets it. Pure. Source: functions-host.md 1.2. */
export function requestData(
  request: IncomingMessage,
  params: Record<string, string>,
  bytes: Buffer,
): RpcData {
  const url = urlOf(request)
  return {
    http: {
      method: request.method ?? 'GET',
      url: url.href,
      nullableHeaders: wrap(headersOf(request)),
      nullableParams: wrap(params),
      nullableQuery: wrap(Object.fromEntries(url.searchParams)),
      ...(bytes.length === 0 ? {} : { body: { bytes } }),
    },
  }
}

/** The headers, several of one name joined. Pure. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  const given = Object.entries(request.headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  )
}

function wrap(values: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))
}
