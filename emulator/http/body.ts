import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { serviceError } from './serviceError.ts'

const emptyBody = Buffer.alloc(0)

/** Reads the raw bytes, chunked or not, whatever the content type says. Calls back once; not at all when the client goes away. */
export function readBody(
  message: IncomingMessage,
  maxBytes: number,
  done: (error: Error | undefined, body: Buffer) => void,
): void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  message.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes <= maxBytes) chunks.push(chunk)
  })
  message.on('end', () => {
    if (sizeBytes > maxBytes) return done(tooLarge(maxBytes), emptyBody)
    done(undefined, chunks.length === 1 ? (chunks[0] ?? emptyBody) : Buffer.concat(chunks))
  })
  // The client went away: there is nobody to answer.
  message.on('error', () => {})
}

/**
 * Parses a JSON body. The charset of the content type is followed where it is not UTF-8; a Content-Encoding that is none
 * (`UTF-8`, as the Java sample sends) is ignored. Bare NaN and Infinity, which Json.NET reads, count as null.
 * Throws RequestIsEmpty or RequestBodyInvalid.
 */
export function parseJsonBody(body: Buffer, headers: IncomingMessage['headers']): unknown {
  const text = decodeText(body, headers)
  if (text.trim() === '') throw serviceError('BadArgument', 'RequestIsEmpty', emptyMessage)
  try {
    return JSON.parse(text)
  } catch {
    return parseWithNaN(text)
  }
}

const emptyMessage = 'No request provided. Provide a valid request and try again.'
const invalidMessage = 'No request body provided or error in deserializing the request body.'

/** RequestBodyInvalid, with what is wrong. */
export function bodyInvalid(problem: string): Error {
  return serviceError('BadArgument', 'RequestBodyInvalid', `${invalidMessage} ${problem}`.trim())
}

function parseWithNaN(text: string): unknown {
  try {
    // The closing quote is optional, so that a text without one is passed over once and not tried from each of its quotes.
    const repaired = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"?|-?\b(?:NaN|Infinity)\b/g, (found) =>
      found.startsWith('"') ? found : 'null',
    )
    return JSON.parse(repaired)
  } catch (error) {
    throw bodyInvalid(error instanceof Error ? error.message : '')
  }
}

function decodeText(body: Buffer, headers: IncomingMessage['headers']): string {
  const bytes = headers['content-encoding']?.toLowerCase() === 'gzip' ? gunzip(body) : body
  const charset = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase()
  if (charset === 'utf-16' || charset === 'utf-16le') return withoutMark(bytes.toString('utf16le'))
  if (charset === 'iso-8859-1' || charset === 'windows-1252') return bytes.toString('latin1')
  return withoutMark(bytes.toString('utf8'))
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function gunzip(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: 64 * 1024 * 1024 })
  } catch {
    throw bodyInvalid('The body is not gzip, or too large.')
  }
}

function tooLarge(maxBytes: number): Error {
  const limit = `The request is larger than the ${maxBytes} bytes that the service takes.`
  return serviceError('MemoryQuotaViolation', 'OutOfMemoryLimit', limit)
}
