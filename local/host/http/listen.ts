import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpApp } from './httpApp.ts'
import { writeStatus } from './httpResponse.ts'

/** A listening server: it answers 503 until `open` gives it an app. `close` ends idle connections, and all after `graceMs`. */
export type HostServer = {
  url: string
  address: string
  open(app: HttpApp): void
  close(graceMs: number): Promise<void>
}

/** Listens on 127.0.0.1; `port` 0 takes a free one. Throws when the port is taken. */
export async function listen(port: number): Promise<HostServer> {
  let app: HttpApp | undefined
  const server = createServer((request, response) => {
    response.on('close', () => !server.listening && server.closeIdleConnections())
    if (app === undefined) writeStatus(response, 503)
    else void app(request, response)
  })
  await started(server, port)
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    url: `http://${address}`,
    open: (given) => {
      app = given
    },
    close: (graceMs) => close(server, graceMs),
  }
}

function started(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'it is taken; choose another with --port' : error.message
      reject(new Error(`Cannot listen on port ${port}: ${reason}`))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timeout = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(timeout)
      resolve()
    })
    server.closeIdleConnections()
  })
}
