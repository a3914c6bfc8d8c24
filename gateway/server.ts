import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CallPorts, handleCall, refuse } from './handleCall.ts'
import { apiSuffix } from './operations.ts'
import { answerPage, type PagePorts } from './pages/route.ts'
import { readTarget } from './proxy/target.ts'

/** What the server needs; `ownUrl` is what the gateway is called where the Host header is missing or odd. */
export type ServerPorts = { call: CallPorts; pages: PagePorts; ownUrl(): string }

/** The gateway's HTTP server: the API under its suffix, the pages beside it, 404 for the rest. */
export function createGatewayServer(ports: ServerPorts): Server {
  const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (message, response) => {
    answer(ports, message, response).catch((error: unknown) => {
      ports.call.report(`Cannot answer a call: ${error instanceof Error ? error.message : String(error)}`)
      refuse({ response, baseUrl: ports.ownUrl() }, { kind: 'unavailable' })
    })
  })
  return server
}

const apiPath = new RegExp(`^/${apiSuffix}(/|$)`, 'i')

async function answer(ports: ServerPorts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = readTarget(message.url ?? '/')
  const baseUrl = baseUrlOf(message, ports.ownUrl())
  if (apiPath.test(target.path)) return handleCall(ports.call, { message, response, target, baseUrl })
  const { path, query } = target
  if (!(await answerPage(ports.pages, { message, response, path, query }))) {
    refuse({ response, baseUrl }, { kind: 'notFound' })
  }
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

/** Stops listening; calls under way get so long to end. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const last = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(last)
      resolve()
    })
    server.closeIdleConnections()
  })
}
