import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Backend } from './backend.ts'
import { headerOf, type RawHeaders, responseHeaders } from './headers.ts'

/** What goes to the back end. `path` is the operation's, with its query. */
export type ForwardRequest = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  headers: RawHeaders
  /** Put on the answer, beside the back end's own. */
  extraHeaders: RawHeaders
}

/** What came of it; `status` is the back end's. A failure before the answer's head is left to the caller to answer. */
export type Forwarded =
  | { kind: 'answered'; status: number; bytesIn: number; bytesOut: number }
  | { kind: 'noAnswer' | 'timedOut'; reason: string }
  /** One of the two was gone before the answer's end. */
  | { kind: 'broken'; bytesIn: number; bytesOut: number }

/** Bodies up to this size are sent in one piece; larger ones, and those of unknown size, pass through as they come. */
const smallBytes = 64 * 1024

/** Passes a request on and its answer back. When the caller goes away the call to the back end is aborted. */
export async function forward(
  backend: Backend,
  request: ForwardRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Forwarded> {
  const size = sizeOf(message)
  const isSmall = size !== undefined && size <= smallBytes
  const body = size === 0 ? null : isSmall ? await readAll(message) : message
  if (body === undefined) return { kind: 'broken', bytesIn: 0, bytesOut: 0 }
  const headers =
    size === undefined || isSmall ? request.headers : [...request.headers, 'Content-Length', String(size)]
  const options = { method: request.method, path: backend.basePath + request.path, headers, body }
  return dispatch(backend, options, response, request.extraHeaders)
}

/** The body's size in bytes; undefined when it comes in chunks. */
function sizeOf(message: IncomingMessage): number | undefined {
  if (message.headers['transfer-encoding'] !== undefined) return undefined
  return Number(message.headers['content-length'] ?? 0)
}

/** The whole of a small body; undefined when the caller went away before its end. */
function readAll(message: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    message.on('error', () => resolve(undefined))
    message.on('close', () => resolve(undefined))
  })
}

type Options = {
  method: ForwardRequest['method']
  path: string
  headers: RawHeaders
  body: Buffer | Readable | null
}

function dispatch(
  { pool }: Backend,
  options: Options,
  response: ServerResponse,
  extraHeaders: RawHeaders,
): Promise<Forwarded> {
  return new Promise((resolve) => {
    const passing = createPassing(response, extraHeaders, resolve)
    response.on('close', passing.onClose)
    pool.dispatch(options, passing.handler)
  })
}

/** Writes the back end's answer to the caller as it comes, no faster than the caller reads. */
function createPassing(
  response: ServerResponse,
  extraHeaders: RawHeaders,
  resolve: (forwarded: Forwarded) => void,
): { handler: Dispatcher.DispatchHandler; onClose(): void } {
  const counts = { status: 0, bytesIn: 0, bytesOut: 0 }
  let answerBytes = Number.NaN
  let controller: Dispatcher.DispatchController | undefined
  const abort = () => controller?.abort(new Error('the caller is gone'))
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(begun) {
      controller = begun
      if (response.destroyed) abort()
    },
    onBodySent(chunk) {
      counts.bytesIn += chunk.length
    },
    onResponseStart(begun, statusCode, headers) {
      // Interim answers (1xx) are the back end's business with the gateway.
      if (statusCode < 200) return
      counts.status = statusCode
      answerBytes = Number(headers['content-length'] ?? Number.NaN)
      begin(response, statusCode, [...responseHeaders(textOf(begun.rawHeaders)), ...extraHeaders])
    },
    onResponseData(begun, chunk) {
      counts.bytesOut += chunk.length
      // A small answer that is here as a whole goes out with its head in one write: text is what Node joins them for.
      if (chunk.length === answerBytes && chunk.length <= smallBytes) {
        response.end(chunk.toString('latin1'), 'latin1')
        return
      }
      if (response.write(chunk)) return
      begun.pause()
      response.once('drain', () => begun.resume())
    },
    onResponseEnd() {
      if (!response.writableEnded) response.end()
      resolve({ kind: 'answered', ...counts })
    },
    onResponseError: (_begun, error) => resolve(failed(response, error, counts)),
  }
  return { handler, onClose: () => (response.writableFinished ? undefined : abort()) }
}

/** Before the answer's head the caller can still be told; after it only the broken connection tells. */
function failed(
  response: ServerResponse,
  error: Error,
  counts: { bytesIn: number; bytesOut: number },
): Forwarded {
  if (!response.headersSent && !response.destroyed) return { kind: kindOf(error), reason: reasonOf(error) }
  response.destroy()
  return { kind: 'broken', bytesIn: counts.bytesIn, bytesOut: counts.bytesOut }
}

function begin(response: ServerResponse, status: number, headers: RawHeaders): void {
  if (headerOf(headers, 'date') !== undefined) response.sendDate = false
  response.writeHead(status, headers)
}

/** Undici has names and values as bytes. */
function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw)
    ? raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
    : []
}

/** A code where there is one (`ECONNREFUSED`): never what was sent. */
function reasonOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name
}

function kindOf(error: Error): 'timedOut' | 'noAnswer' {
  return /TIMEOUT/.test((error as NodeJS.ErrnoException).code ?? '') ? 'timedOut' : 'noAnswer'
}
