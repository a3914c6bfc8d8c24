/** A header list as Node has it: name, value, name, value. */
export type RawHeaders = string[]

/** Belong to one connection, not to the message. Source: RFC 9110, section 7.6.1. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Ours, or made anew for the back end. `Expect` was answered by the gateway. */
const notPassedOn = new Set([
  'host',
  'content-length',
  'expect',
  'ocp-apim-subscription-key',
  'x-gateway-trace',
])

/** The request's headers for the back end; with `authorization`, the caller's own is left out and this one put in. Pure. */
export function requestHeaders(raw: readonly string[], authorization?: string): RawHeaders {
  const listed = connectionListed(raw)
  const kept: RawHeaders = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase()
    if (hopByHop.has(name) || notPassedOn.has(name) || listed?.has(name)) continue
    if (authorization !== undefined && name === 'authorization') continue
    kept.push(raw[at] ?? '', raw[at + 1] ?? '')
  }
  if (authorization !== undefined) kept.push('Authorization', authorization)
  return kept
}

/** The answer's headers for the caller. Pure. */
export function responseHeaders(raw: readonly string[]): RawHeaders {
  const listed = connectionListed(raw)
  const kept: RawHeaders = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase()
    if (!hopByHop.has(name) && !listed?.has(name)) kept.push(raw[at] ?? '', raw[at + 1] ?? '')
  }
  return kept
}

/** The headers that `Connection` names: they go no further either. */
function connectionListed(raw: readonly string[]): Set<string> | undefined {
  let listed: Set<string> | undefined
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]?.length !== 10 || raw[at]?.toLowerCase() !== 'connection') continue
    const value = (raw[at + 1] ?? '').toLowerCase()
    if (value === 'keep-alive' || value === 'close') continue
    listed ??= new Set()
    for (const name of value.split(',')) listed.add(name.trim())
  }
  return listed
}

/** The value of the first header of that lower-case name. Pure. */
export function headerOf(raw: readonly string[], name: string): string | undefined {
  for (let at = 0; at + 1 < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) return raw[at + 1]
  return undefined
}
