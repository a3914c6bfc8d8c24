import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerBroken } from './brokenRequests.ts'
import { type CallPorts, handleCall, refuse } from './handleCall.ts'
import { apiSuffix } from './operations.ts'
import { answerPage, type PagePorts } from './pages/route.ts'
import { readTarget } from './proxy/target.ts'

/** What the server needs; `ownUrl` is what the gateway is called where the Host header is missing or odd. */
export type ServerPorts = { call: CallPorts; pages: PagePorts; ownUrl(): string }

/** A request without a Host is refused in words by ourselves. */
const options = { keepAliveTimeout: 120_000, noDelay: true, requireHostHeader: false }
/** Longer than a back end may take: ends callers that neither send nor read. */
const longestIdleMs = 330_000

/** The gateway's HTTP server: the API under its suffix, the pages beside it, 404 for the rest. */
export function createGatewayServer(ports: ServerPorts): Server {
  const server = createServer(options, (message, response) => {
    // While it closes, what comes on a kept connection is answered, and the connection ended.
    if (!server.listening) response.shouldKeepAlive = false
    answer(ports, message, response).catch((error: unknown) => {
      ports.call.report(`Cannot answer a call: ${error instanceof Error ? error.message : String(error)}`)
      refuse({ response, baseUrl: ports.ownUrl() }, { kind: 'unavailable' })
    })
  })
  server.timeout = longestIdleMs
  server.on('checkExpectation', (_message: IncomingMessage, response: ServerResponse) =>
    refuse({ response, baseUrl: ports.ownUrl() }, { kind: 'badExpectation' }),
  )
  answerBroken(server)
  return server
}

const apiPath = new RegExp(`^/${apiSuffix}(/|$)`, 'i')

async function answer(ports: ServerPorts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = readTarget(message.url ?? '/')
  const baseUrl = baseUrlOf(message, ports.ownUrl())
  if (isHostless(message)) return refuse({ response, baseUrl }, { kind: 'malformed' })
  if (apiPath.test(target.path)) return handleCall(ports.call, { message, response, target, baseUrl })
  const { path, query } = target
  if (!(await answerPage(ports.pages, { message, response, path, query }))) {
    refuse({ response, baseUrl }, { kind: 'notFound' })
  }
}

/** HTTP/1.1 asks for one Host: two names could mean one service to a proxy in front and another to us. */
function isHostless({ headers, httpVersion, rawHeaders }: IncomingMessage): boolean {
  if (headers.host === undefined) return httpVersion === '1.1'
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}

function baseUrlOf(message: IncomingMessage, ownUrl: string): string {
  const host = message.headers.host ?? ''
  if (!/^[a-z0-9.:[\]_-]{1,255}$/i.test(host)) return ownUrl
  return message.headers['x-forwarded-proto'] === 'https' ? `https://${host}` : `http://${host}`
}

/** Listens; answers the URL. Throws one line where the port is taken, with the system's error as its cause. */
export function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is in use` : error.message
      reject(new Error(`Cannot start gateway: ${reason}`, { cause: error }))
    })
    server.listen(port, host, () => {
      const { address, family, port: chosen } = server.address() as AddressInfo
      const name = family === 'IPv6' ? `[${address}]` : address
      resolve(`http://${name === '0.0.0.0' ? '127.0.0.1' : name}:${chosen}`)
    })
  })
}

const betweenLooksMs = 50

/** Stops listening; calls under way get so long to end, and each connection goes with its last one. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const last = setTimeout(() => server.closeAllConnections(), graceMs)
    const idle = setInterval(() => server.closeIdleConnections(), betweenLooksMs)
    server.close(() => {
      clearTimeout(last)
      clearInterval(idle)
      resolve()
    })
    server.closeIdleConnections()
  })
}
