import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from './answer.ts'
import { readBody } from './body.ts'
import { answerMalformed } from './malformed.ts'
import { type Request, readRequest } from './request.ts'
import { errorBody, ServiceError, serviceError } from './serviceError.ts'

/**
 * A request that was let in: `handle` gets the whole body; `done` is called once when the answer is out, or the client
 * is gone. Letting in happens on the headers alone, so that requests are counted from their first byte.
 */
export type Admitted = {
  handle(body: Buffer): Answer | Promise<Answer>
  done?(): void
}

/** Lets a request in, or throws a ServiceError. */
export type Admit = (request: Request) => Admitted

export type ServerOptions = {
  admit: Admit
  /** A larger body is answered with 413. */
  maxBodyBytes: number
  /** What the emulator is called when the Host header is missing. */
  ownUrl: () => string
  /** Told of errors that are the emulator's own fault; the client gets InternalError. */
  onUnexpected: (error: unknown, request: Request) => void
}

/** A bare HTTP server: reads raw bytes, answers with `x-ms-request-id` and `Date` on everything. */
export function createHttpServer(options: ServerOptions): Server {
  const server = createServer((message, response) => serve(options, message, response))
  // Longer than the idle time of clients' connection pools, so that a kept connection is not closed under a request.
  server.keepAliveTimeout = 120_000
  server.on('clientError', (error, socket) => answerMalformed(error, socket as Socket))
  return server
}

function serve(options: ServerOptions, message: IncomingMessage, response: ServerResponse): void {
  const request = readRequest(message, options.ownUrl())
  const fail = (error: unknown) => sendError(options, request, response, error)
  let admitted: Admitted
  try {
    admitted = options.admit(request)
  } catch (error) {
    message.resume()
    fail(error)
    return
  }
  if (admitted.done !== undefined) response.once('close', admitted.done)
  readBody(message, options.maxBodyBytes, (error, body) => {
    if (error !== undefined) return fail(error)
    try {
      const answer = admitted.handle(body)
      if (answer instanceof Promise) answer.then((late) => send(request, response, late), fail)
      else send(request, response, answer)
    } catch (thrown) {
      fail(thrown)
    }
  })
}

function send(request: Request, response: ServerResponse, answer: Answer, retryAfterSeconds?: number): void {
  if (response.headersSent || response.destroyed) return
  const body = answer.body ?? ''
  const headers: Record<string, string | number> = {
    'x-ms-request-id': request.requestId,
    'Content-Length': Buffer.byteLength(body),
    ...answer.headers,
  }
  if (body !== '') headers['Content-Type'] = answer.contentType ?? 'application/json; charset=utf-8'
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = retryAfterSeconds
  if (answer.status === 304) delete headers['Content-Length']
  response.writeHead(answer.status, headers)
  response.end(answer.status === 304 ? undefined : body)
}

function sendError(
  options: ServerOptions,
  request: Request,
  response: ServerResponse,
  thrown: unknown,
): void {
  if (!(thrown instanceof ServiceError)) options.onUnexpected(thrown, request)
  const error = thrown instanceof ServiceError ? thrown : unexpected(thrown)
  send(request, response, { status: error.status, body: errorBody(error) }, error.retryAfterSeconds)
}

function unexpected(thrown: unknown): ServiceError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return serviceError('InternalError', 'UnknownError', `The emulator failed: ${reason}`)
}
