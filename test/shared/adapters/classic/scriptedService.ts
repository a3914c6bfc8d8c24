import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClassicOptions } from '../../../../shared/adapters/classic/callService.ts'
import { createHttpClient, type HttpSettings } from '../../../../shared/adapters/http/httpClient.ts'
import { createSecrets } from '../../../../shared/adapters/secrets.ts'
import { createUrlGuard } from '../../../../shared/adapters/urlGuard.ts'
import { createRedact } from '../../../../shared/lib/redact.ts'

/** A request as it arrived. */
export type Arrived = {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

/** One answer of the script: `[status, body, headers]`, or what is done with the connection. */
export type Scripted =
  | [status: number, body: unknown, headers?: Record<string, string>]
  | ((response: ServerResponse) => void)

/** A web service that answers what the test wrote down, in order; the last answer is repeated. */
export type ScriptedService = {
  url: string
  arrived: Arrived[]
  script(...answers: Scripted[]): void
  close(): Promise<void>
}

/** Listens on a free port of this machine. */
export async function startScriptedService(): Promise<ScriptedService> {
  const arrived: Arrived[] = []
  let answers: Scripted[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      arrived.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') })
      answerWith(response, answers.length > 1 ? answers.shift() : answers[0])
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    script(...script) {
      answers = script
      arrived.length = 0
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answerWith(response: ServerResponse, scripted: Scripted | undefined): void {
  if (scripted === undefined) throw new Error('Cannot answer: the test wrote no script')
  if (typeof scripted === 'function') {
    scripted(response)
    return
  }
  const [status, body, headers = {}] = scripted
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** An error body as the service writes it. */
export function serviceError(code: string, message: string, details: object[] = []): object {
  return { error: { code, message, details } }
}

/** Options whose time-outs no answer comes near; `waits` collects how long the client would have waited between its tries. */
export function classicOptions(
  env: Record<string, string>,
  settings: Partial<HttpSettings & { totalSeconds: number }> = {},
): ClassicOptions & { waits: number[]; close(): Promise<void> } {
  const { totalSeconds = 120, ...times } = settings
  const guard = createUrlGuard({ allowedHosts: [], developmentLoopback: true })
  const defaults = { connectSeconds: 60, headersSeconds: 60, bodySeconds: 60, maxAnswerBytes: 100_000 }
  const http = createHttpClient({ ...defaults, ...times }, guard)
  const secrets = createSecrets({ env, now: Date.now })
  const waits: number[] = []
  return {
    http,
    guard,
    secrets,
    redact: createRedact(secrets.live),
    now: () => Date.UTC(2026, 10, 21, 12),
    random: () => 1,
    totalSeconds,
    waits,
    wait: async (ms) => {
      waits.push(ms)
    },
    close: () => http.close(),
  }
}
