import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { errorBody, serviceError } from './serviceError.ts'

/** Answers what is no HTTP: 400 in the shape of every other error; 431 where path and headers are longer than Node reads. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  // The client went away, or was answered already.
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const isTooLong = error.code === 'HPE_HEADER_OVERFLOW'
  const message = isTooLong ? 'The path and the headers are too long.' : 'The request is no HTTP/1.1.'
  const body = errorBody(serviceError('BadArgument', 'RequestBodyInvalid', message))
  socket.end(
    [
      `HTTP/1.1 ${isTooLong ? '431 Request Header Fields Too Large' : '400 Bad Request'}`,
      `x-ms-request-id: ${randomUUID()}`,
      `Date: ${new Date().toUTCString()}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
