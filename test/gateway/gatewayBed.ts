import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProducts, type Product } from '../../gateway/products.ts'
import { type GatewayOptions, type RunningGateway, startGateway } from '../../gateway/startGateway.ts'
import { openStores } from '../../gateway/storage/openStores.ts'
import type { ChangePorts } from '../../gateway/subscriptions/changeSubscriptions.ts'

/** A gateway of a test, over files of its own and a clock that stands still. */
export type GatewayBed = {
  gateway: RunningGateway
  folder: string
  clock: { nowMs: number }
  /** Primary key of a product's sample subscription. */
  keyOf(product: string): string
  /** For changes of its subscriptions. */
  ports: ChangePorts
  reports: string[]
  remove(): Promise<void>
}

/** Starts a gateway in front of `backendUrl`. */
export async function startGatewayBed(
  backendUrl: string,
  given: Partial<GatewayOptions> & { productList?: Product[] } = {},
): Promise<GatewayBed> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  const { productList, ...options } = given
  const clock = { nowMs: Date.parse('2026-01-31T09:30:00Z') }
  const reports: string[] = []
  const products = productList === undefined ? undefined : join(folder, 'products.json')
  if (products !== undefined) await writeFile(products, JSON.stringify({ products: productList }))
  const now = () => clock.nowMs
  const gateway = await startGateway({
    backend: { url: backendUrl },
    folder,
    products,
    now,
    report: (line) => reports.push(line),
    ...options,
  })
  const { subscriptions: store } = await openStores({ folder, storage: options.storage })
  return {
    gateway,
    folder,
    clock,
    reports,
    ports: { store, products: loadProducts(products), now },
    keyOf: (product) => gateway.subscriptions.find((each) => each.product === product)?.primaryKey ?? '',
    async remove() {
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A back end of a test: answers by `handler`, keeps what it was asked. */
export async function startBackend(handler: (message: IncomingMessage, response: ServerResponse) => void) {
  const asked: { method: string; url: string; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((message, response) => {
    asked.push({ method: message.method ?? '', url: message.url ?? '', headers: message.headers })
    handler(message, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const servicePath = '/azureml-demo/workspaces/w1/services/s1'
