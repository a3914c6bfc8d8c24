import type { HttpInput } from './httpInput.ts'
import { Problem } from './problem.ts'

const mostBytes = 1024 * 1024

/**
 * The JSON of a request's body; undefined when there is none. Throws Problem: 413 over 1 MB, 415 for another content type, 400
 * for no JSON.
 */
export async function readBody(
  input: Pick<HttpInput, 'method' | 'headers' | 'arrayBuffer'>,
): Promise<unknown> {
  if (input.method === 'GET') return undefined
  if (Number(input.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge()
  const bytes = await input.arrayBuffer()
  if (bytes.byteLength > mostBytes) throw tooLarge()
  if (bytes.byteLength === 0) return undefined
  const type = input.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    const detail = 'Cannot read the body: it is not sent as JSON; set content-type: application/json'
    throw new Problem(415, 'not-json', detail)
  }
  return parse(bytes)
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

function tooLarge(): Problem {
  return new Problem(413, 'too-large', 'Cannot read the body: it is larger than 1 MB, which is the most')
}
