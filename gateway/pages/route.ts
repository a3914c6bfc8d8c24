import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLocal } from '../handleCall.ts'
import type { GatewayStores } from '../storage/openStores.ts'
import { readUsage } from '../usage/readUsage.ts'
import { hourLengthMs, nobody } from '../usage/rollup.ts'
import type { PageFile } from './files.ts'
import { pageHours, usagePage } from './usagePage.ts'
import { usagePeriods } from './usagePeriods.ts'

/** What the pages need; `now` is epoch milliseconds. */
export type PagePorts = {
  files: ReadonlyMap<string, PageFile>
  stores: Pick<GatewayStores, 'subscriptions' | 'usage'>
  /** By id. */
  products: ReadonlyMap<string, { name: string }>
  /** Writes what was not yet written, so that the page is of now. */
  flush(): Promise<void>
  now(): number
}

/** Only what the gateway itself serves may run, load or be asked: nothing outside, nothing inline. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'Content-Security-Policy': policy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
}

type Exchange = { message: IncomingMessage; response: ServerResponse; path: string; query: string }

/** Answers a page or one of its files; `false` when the path is none of them. Usage is shown on this machine only. */
export async function answerPage(ports: PagePorts, exchange: Exchange): Promise<boolean> {
  const { message, response, path, query } = exchange
  if (message.method !== 'GET' && message.method !== 'HEAD') return false
  const file = ports.files.get(path)
  if (file !== undefined) {
    send(response, file)
    return true
  }
  if ((path === '/' || path === '/try-it') && ports.files.has('/try-it/')) {
    response.writeHead(302, { Location: '/try-it/', 'Content-Length': 0 }).end()
    return true
  }
  if (path !== '/usage' || !isLocal(message) || !isLocalName(message.headers.host)) return false
  send(response, { contentType: 'text/html; charset=utf-8', body: await showUsage(ports, query) })
  return true
}

async function showUsage(ports: PagePorts, query: string): Promise<string> {
  const asked = Number(new URLSearchParams(query).get('hours'))
  const hours = pageHours.includes(asked) ? asked : (pageHours[0] ?? 24)
  await ports.flush()
  const subscriptions = await ports.stores.subscriptions.list()
  const names = [...subscriptions.map(({ name }) => name), nobody]
  const sinceMs = ports.now() - hours * hourLengthMs
  const question = { subscriptions: names, sinceMs }
  const lines = await readUsage(ports.stores.usage, question)
  const byHour = await readUsage(ports.stores.usage, { ...question, byHour: true })
  const periods = usagePeriods(byHour, hours)
  return usagePage({ subscriptions, products: ports.products, hours, lines, periods })
}

/** A name that someone else points to this machine is not taken for its own. */
function isLocalName(host: string | undefined): boolean {
  const name = URL.parse(`http://${host ?? ''}`)?.hostname ?? ''
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name)
}

function send(response: ServerResponse, { contentType, body }: PageFile): void {
  response.writeHead(200, {
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
