import { createServer, type IncomingMessage, type Server } from 'node:http'
import { onTestFinished } from 'vitest'

/** What an app answers: a status and JSON (or text as it is). */
export type Canned = { status?: number; body?: unknown; headers?: Record<string, string> }

/** A request as it came: `path` is behind `/api/`, with its query. */
export type Asked = { method: string; path: string; headers: IncomingMessage['headers']; body: string }

/** An HTTP server in the place of the app, until the test is over; its URL, and what it was asked. */
export async function startApi(
  answer: (asked: Asked) => Canned | Promise<Canned>,
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const path = (request.url ?? '').replace(/^\/api\//, '')
    const one = { method: request.method ?? '', path, headers: request.headers, body }
    asked.push(one)
    const canned = await answer(one)
    const text = typeof canned.body === 'string' ? canned.body : JSON.stringify(canned.body)
    response.writeHead(canned.status ?? 200, canned.headers).end(canned.body === undefined ? '' : text)
  })
  const url = await listen(server)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url, asked }
}

/** The URL of an app that was stopped: nobody listens on a port of no known service, which no system gives away either. */
export async function closedUrl(): Promise<string> {
  return 'http://127.0.0.1:4'
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('Cannot listen: there is no address')
  return `http://127.0.0.1:${address.port}`
}
