import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A request as handlers see it. `segments` are the path's parts, percent-decoded and in lower case: paths are case-insensitive. */
export type Request = {
  /** What the answer's `x-ms-request-id` will be. */
  requestId: string
  method: string
  segments: string[]
  /** The path as sent: where case matters. */
  path: string
  /** The query without `?`, as sent. */
  query: string
  headers: IncomingMessage['headers']
  /** What the request's own URL begins with, `http://127.0.0.1:8150`: links in answers begin with it too. */
  baseUrl: string
  /** Who opened the connection: an IP address. */
  remoteAddress: string
}

/** Reads method, path, query and base URL. `ownUrl` stands in where the Host header is missing or odd. */
export function readRequest(message: IncomingMessage, ownUrl: string): Request {
  // A client behind a proxy names the whole URL (RFC 9112, section 3.2.2).
  const url = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '')
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  return {
    requestId: randomUUID(),
    // HEAD is answered as GET, without the body.
    method: message.method === undefined || message.method === 'HEAD' ? 'GET' : message.method,
    path,
    segments: splitPath(path).map((segment) => segment.toLowerCase()),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers: message.headers,
    baseUrl: baseUrlOf(message, ownUrl),
    remoteAddress: message.socket.remoteAddress ?? '',
  }
}

/** The value of a query parameter, its name in any case; undefined when absent. */
export function queryValue(request: Request, name: string): string | undefined {
  if (request.query === '') return undefined
  for (const part of request.query.split('&')) {
    const equals = part.indexOf('=')
    const key = equals === -1 ? part : part.slice(0, equals)
    if (key.length === name.length && key.toLowerCase() === name) {
      return equals === -1 ? '' : decode(part.slice(equals + 1))
    }
  }
  return undefined
}

/** The key or token of `Authorization: Bearer ...`: the scheme in any case, one blank or more after it. */
export function bearerOf(request: Request): string | undefined {
  const header = request.headers.authorization
  if (header === undefined || header.length < 8) return undefined
  if (header.slice(0, 6).toLowerCase() !== 'bearer' || header[6] !== ' ') return undefined
  return header.slice(7).trim()
}

/** The path's parts, percent-decoded, in the case they were sent. */
export function splitPath(path: string): string[] {
  const segments: string[] = []
  for (const part of path.split('/')) {
    if (part !== '') segments.push(decode(part))
  }
  return segments
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function baseUrlOf(message: IncomingMessage, ownUrl: string): string {
  const host = message.headers.host
  if (host === undefined || !isHost(host)) return ownUrl
  return message.headers['x-forwarded-proto'] === 'https' ? `https://${host}` : `http://${host}`
}

function isHost(host: string): boolean {
  return /^[a-z0-9.:[\]_-]{1,255}$/i.test(host)
}
