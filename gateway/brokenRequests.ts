import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { answerRefusal, type Refusal } from './refusals.ts'

/** Lets a server say in words why it ends a connection on which no proper request comes: 400, 408 or 431. */
export function answerBroken(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    answering.set(socket, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = answering.get(socket)
    const isMidAnswer = response?.headersSent === true && !response.writableFinished
    if (!socket.writable || error.code === 'ECONNRESET' || isMidAnswer) socket.destroy(error)
    else socket.end(rawAnswer(refusalOf(error)), () => socket.destroy())
  })
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return { kind: 'headTooLarge' }
  return { kind: code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'tooSlow' : 'malformed' }
}

function rawAnswer(refusal: Refusal): string {
  const { status, body, headers } = answerRefusal(refusal, '')
  const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
