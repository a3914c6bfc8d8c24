import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { servicePath, startBackend } from './gatewayBed.ts'

const root = join(import.meta.dirname, '../..')
const limit = 500
/** Tables are shared by all tests: the product, and with it its sample subscription, has a name of its own. */
const product = `limited-${process.pid}-${Date.now()}`

let folder: string
let backend: Awaited<ReturnType<typeof startBackend>>
const children: ReturnType<typeof spawn>[] = []
const gateways: Awaited<ReturnType<typeof startProcess>>[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateways-'))
  backend = await startBackend((message, response) => {
    message.resume()
    response.end('ok')
  })
  const rateLimit = { calls: limit, renewalPeriodSeconds: 300 }
  const products = [{ id: product, name: 'Limited', rateLimit, endpointKeyMode: 'passThrough' }]
  await writeFile(join(folder, 'products.json'), JSON.stringify({ products }))
  gateways.push(await startProcess(), await startProcess())
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await backend?.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
})

async function startProcess() {
  const args = ['--port', '0', '--backend', backend.url, '--storage', inject('storage'), '--data', folder]
  args.push('--products', join(folder, 'products.json'), '--json')
  const child = spawn(process.execPath, [join(root, 'gateway/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })
  const [line] = await once(lines, 'line')
  const { url, subscriptions } = JSON.parse(line)
  return { child, url, key: subscriptions[0].primaryKey as string }
}

test('two gateways on one storage let no more than the limit pass, from eight clients, and say when to come back', async () => {
  const [first, second] = gateways
  expect(first?.key).toBe(second?.key)
  const statuses: number[] = []
  const client = async (at: number) => {
    const gateway = gateways[at % 2]
    for (let call = 0; call < 100; call++) {
      const answer = await fetch(`${gateway?.url}${servicePath}/execute?api-version=2.0`, {
        method: 'POST',
        body: '{}',
        headers: { 'Ocp-Apim-Subscription-Key': gateway?.key ?? '' },
      })
      await answer.text()
      statuses.push(answer.status)
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, at) => client(at)))
  const passed = statuses.filter((status) => status === 200).length
  expect([...new Set(statuses)].sort()).toEqual([200, 429])
  expect(backend.asked).toHaveLength(passed)
  expect(passed).toBeLessThanOrEqual(limit)
  expect(passed).toBeGreaterThan(limit - 2 * 50)
})

test('SIGTERM ends a gateway cleanly', async () => {
  const { child } = gateways[0] ?? {}
  const exited = child === undefined ? [] : once(child, 'exit')
  child?.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})
