import { keyParameter } from '../refusals.ts'

/** A request's target, taken apart. `query` is without the subscription key and without `?`; `key` is what it held. */
export type Target = { path: string; query: string; key: string | undefined }

/** Reads `message.url`: the path as it stands, the query without every `subscription-key`. Pure. */
export function readTarget(url: string): Target {
  const mark = url.indexOf('?')
  if (mark === -1) return { path: url, query: '', key: undefined }
  const path = url.slice(0, mark)
  const query = url.slice(mark + 1)
  // Most requests name their key in a header: then nothing has to be taken apart.
  if (!mayHoldKey(query)) return { path, query: printable(query), key: undefined }
  let key: string | undefined
  const rest = query.split('&').filter((part) => {
    const equals = part.indexOf('=')
    const name = decode(equals === -1 ? part : part.slice(0, equals))
    if (name.toLowerCase() !== keyParameter) return true
    key ??= equals === -1 ? '' : decode(part.slice(equals + 1))
    return false
  })
  return { path, query: printable(rest.join('&')), key }
}

function mayHoldKey(query: string): boolean {
  return /subscription|%|\+/i.test(query)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Bytes that may not stand in a request line are percent-encoded; Node's parser lets them through as Latin-1. */
function printable(query: string): string {
  return query.replace(
    /[^\x21-\x7e]|["<>\\^`{|}]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
