import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createEndpointKeys } from './endpointKeys.ts'
import { type Counter, createMemoryCounter } from './limits/counter.ts'
import { createLeasedCounter } from './limits/leasedCounter.ts'
import { type Example, loadPageFiles } from './pages/files.ts'
import { loadProducts, type Product } from './products.ts'
import { type Backend, type BackendOptions, createBackend } from './proxy/backend.ts'
import { closeServer, createGatewayServer, listen, type ServerPorts } from './server.ts'
import { createSparseReport } from './sparseReport.ts'
import { type GatewayStores, openStores } from './storage/openStores.ts'
import { createDirectory } from './subscriptions/directory.ts'
import { ensureSamples, type SampleSubscription } from './subscriptions/samples.ts'
import { createUsageRecorder, type UsageRecorder } from './usage/recorder.ts'
import { createUsageRetention, defaultUsageDays } from './usage/retention.ts'

/** How a gateway is started. All but the back end and the folder have defaults. */
export type GatewayOptions = {
  backend: BackendOptions
  /** Connection string: subscriptions, usage and counters are shared by all gateways on it. Default: files, counters in memory. */
  storage?: string | undefined
  /** Folder of the sample keys and, without storage, of subscriptions and usage. */
  folder: string
  /** 0: any free one, the default. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** File of products; default the built-in ones. */
  products?: string | undefined
  /** Days that usage is kept; 0 for ever, default 366. */
  usageDays?: number | undefined
  /** Filled in on the try-it page. */
  example?: Example | undefined
  /** Epoch milliseconds; default the real clock. */
  now?: () => number
  /** Where `env:NAME` references are looked up; default none. */
  environment?: Readonly<Record<string, string | undefined>>
  /** How long calls under way may go on when it is closed; default 5 s. */
  graceSeconds?: number | undefined
  /** Gets one line for each thing worth saying; default silence. */
  report?: (line: string) => void
}

/** A started gateway. */
export type RunningGateway = {
  /** Without a path: the API is under `/azureml-demo`, the pages are `/try-it/` and `/usage`. */
  url: string
  /** The sample subscriptions, one for each product, with their primary keys. */
  subscriptions: SampleSubscription[]
  /** Stops listening, lets calls under way end, writes usage, gives leased calls back. */
  close(): Promise<void>
}

const housekeepingMs = 2_000
const defaultGraceSeconds = 5

/** Starts the gateway in this process. Throws one line on wrong products, a port in use, or storage that does not answer. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { now = Date.now, folder } = options
  const report = createSparseReport(options.report ?? (() => {}), now)
  const products = loadProducts(options.products)
  const backend = createBackend(options.backend)
  const stores = await openStores(options)
  const subscriptions = await ensureSamples({ store: stores.subscriptions, products, now }, folder, products)
  const counter = createCounter(stores, now)
  const names = async () => (await stores.subscriptions.list()).map(({ name }) => name)
  const instance = randomUUID().slice(0, 8)
  const usage = createUsageRecorder({ table: stores.usage, instance, names, now })
  const days = options.usageDays ?? defaultUsageDays
  const removeOldUsage = createUsageRetention({ table: stores.usage, days, names, now })
  const parts: Parts = { products, backend, stores, counter, usage }
  const own = { url: '' }
  const server = createGatewayServer(serverPorts({ ...options, report }, parts, () => own.url))
  own.url = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1')
  const housekeeping = repeat(report, [usage.flush, counter.settle, removeOldUsage])
  return {
    url: own.url,
    subscriptions,
    async close() {
      await closeServer(server, (options.graceSeconds ?? defaultGraceSeconds) * 1000)
      await housekeeping.stop([usage.flush, counter.close])
      await backend.close()
    },
  }
}

type Parts = {
  products: readonly Product[]
  backend: Backend
  stores: GatewayStores
  counter: Counter
  usage: UsageRecorder
}

function serverPorts(options: GatewayOptions, parts: Parts, ownUrl: () => string): ServerPorts {
  const { now = Date.now, report = () => {}, environment = {} } = options
  const { backend, stores, counter, usage } = parts
  const products = new Map(parts.products.map((product) => [product.id, product]))
  const directory = createDirectory(() => stores.subscriptions.list(), now)
  const endpointKey = createEndpointKeys(environment, now)
  const elapsedMs = () => performance.now()
  return {
    call: { backend, directory, counter, products, usage, report, endpointKey, elapsedMs },
    pages: { files: loadPageFiles(options.example), stores, products, flush: usage.flush, now },
    ownUrl,
  }
}

function createCounter({ counters }: GatewayStores, now: () => number) {
  if (counters === undefined) return createMemoryCounter(now)
  const pause = (ms: number) => delay(ms)
  return createLeasedCounter({ table: counters, now, pause, random: Math.random })
}

type Work = () => Promise<void>

/** Does the work every so often, one round at a time; `stop` waits for the round under way and does the last work. */
function repeat(report: (line: string) => void, works: readonly Work[]) {
  const doAll = async (all: readonly Work[]) => {
    for (const work of all) {
      await work().catch((error: unknown) => {
        report(`Cannot keep house: ${error instanceof Error ? error.message : String(error)}`)
      })
    }
  }
  let round = Promise.resolve()
  const timer = setInterval(() => {
    round = round.then(() => doAll(works))
  }, housekeepingMs)
  timer.unref()
  return {
    async stop(last: readonly Work[]) {
      clearInterval(timer)
      await round
      await doAll(last)
    },
  }
}
