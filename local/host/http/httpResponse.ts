import type { ServerResponse } from 'node:http'
import { bytesOfData } from '../invocation/storageBindings.ts'
import type { InvocationResponse, RpcCookie } from '../worker/protocol.ts'

/** Writes what an HTTP function gave back; nothing at all is 204, as in the real host. */
export function writeFunctionResponse(response: ServerResponse, given: InvocationResponse): void {
  const http = given.returnValue?.http
  if (http === undefined) {
    writeStatus(response, 204)
    return
  }
  response.statusCode = Number(http.statusCode ?? 200)
  for (const [name, value] of Object.entries(http.headers ?? {})) response.setHeader(name, value)
  const cookies = (http.cookies ?? []).map(cookieText)
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
  const body = http.body === null || http.body === undefined ? Buffer.alloc(0) : bytesOfData(http.body)
  response.end(body)
}

/** Answers with a status and no body. */
export function writeStatus(response: ServerResponse, status: number): void {
  response.statusCode = status
  response.setHeader('Content-Length', 0)
  response.end()
}

/** Answers with JSON. */
export function writeJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end(JSON.stringify(body))
}

/** A cookie as a `Set-Cookie` header. Pure. */
export function cookieText(cookie: RpcCookie): string {
  const parts = [`${cookie.name ?? ''}=${encodeURIComponent(cookie.value ?? '')}`]
  const expires = cookie.expires?.value
  if (cookie.maxAge?.value !== undefined) parts.push(`Max-Age=${cookie.maxAge.value}`)
  if (cookie.domain?.value !== undefined) parts.push(`Domain=${cookie.domain.value}`)
  if (cookie.path?.value !== undefined) parts.push(`Path=${cookie.path.value}`)
  if (expires !== undefined) parts.push(`Expires=${dateOf(expires).toUTCString()}`)
  if (cookie.secure?.value === true) parts.push('Secure')
  if (cookie.httpOnly?.value === true) parts.push('HttpOnly')
  if (cookie.sameSite === 'lax' || cookie.sameSite === 'strict') parts.push(`SameSite=${cookie.sameSite}`)
  if (cookie.sameSite === 'explicitNone') parts.push('SameSite=None')
  return parts.join('; ')
}

function dateOf(expires: Date | { seconds?: number; nanos?: number }): Date {
  if (expires instanceof Date) return expires
  return new Date((expires.seconds ?? 0) * 1000 + (expires.nanos ?? 0) / 1e6)
}
