import type { HttpInput } from './httpInput.ts'
import { Problem } from './problem.ts'

const mostBytes = 1024 * 1024

/** A body that is a file of one type and at most so large, instead of JSON. */
export type FileBody = { type: 'text/csv'; mostBytes: number }

/**
 * The JSON of a request's body, or the bytes of a file where the route takes one; undefined when there is none. Throws
 * Problem: 413 for too large a body (JSON: 1 MB), 415 for another content type, 400 for no JSON, 411 for one that came in
 * chunks without a length: the Functions host drops those, and what they ask for must not count as left out.
 * Source: azure-functions-host#4926.
 */
export async function readBody(
  input: Pick<HttpInput, 'method' | 'headers' | 'arrayBuffer'>,
  file?: FileBody,
): Promise<unknown> {
  if (input.method === 'GET') return undefined
  const most = file?.mostBytes ?? mostBytes
  if (Number(input.headers.get('content-length') ?? 0) > most) throw tooLarge(most)
  const bytes = await input.arrayBuffer()
  if (bytes.byteLength > most) throw tooLarge(most)
  if (bytes.byteLength === 0) {
    if (/chunked/i.test(input.headers.get('transfer-encoding') ?? '')) throw noLength()
    return undefined
  }
  const type = input.headers.get('content-type') ?? ''
  if (file !== undefined) return fileOf(bytes, type, file)
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    const detail = 'Cannot read the body: it is not sent as JSON; set content-type: application/json'
    throw new Problem(415, 'not-json', detail)
  }
  return parse(bytes)
}

function fileOf(bytes: ArrayBuffer, type: string, file: FileBody): Uint8Array {
  if (type.split(';')[0]?.trim().toLowerCase() === file.type) return new Uint8Array(bytes)
  const detail = `Cannot read the body: it is not sent as ${file.type}; set content-type: ${file.type}`
  throw new Problem(415, 'wrong-type', detail)
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const where = cause instanceof SyntaxError ? (/at position \d+/.exec(cause.message)?.[0] ?? '') : ''
    const detail = `Cannot read the body: it is no JSON in UTF-8${where === '' ? '' : `, ${where}`}`
    throw new Problem(400, 'bad-json', detail, { cause })
  }
}

function noLength(): Problem {
  const detail = 'Cannot read the body: it came in chunks, which do not arrive; send it with content-length'
  return new Problem(411, 'no-length', detail)
}

function tooLarge(most: number): Problem {
  const megabytes = most / (1024 * 1024)
  return new Problem(
    413,
    'too-large',
    `Cannot read the body: it is larger than ${megabytes} MB, which is the most`,
  )
}
