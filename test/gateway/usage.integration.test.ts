import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFileRows } from '../../gateway/storage/fileRows.ts'
import { addSubscription } from '../../gateway/subscriptions/changeSubscriptions.ts'
import { readUsage } from '../../gateway/usage/readUsage.ts'
import { callRaw } from '../emulator/wire.ts'
import { eventually } from '../setup/eventually.ts'
import { type GatewayBed, servicePath, startBackend, startGatewayBed } from './gatewayBed.ts'

let backend: Awaited<ReturnType<typeof startBackend>>
let bed: GatewayBed

beforeAll(async () => {
  backend = await startBackend((message, response) => {
    message.resume()
    response.end('{"ok":true}')
  })
  bed = await startGatewayBed(backend.url)
})
afterAll(async () => {
  await bed.remove()
  await backend.close()
})

const execute = (key: string) =>
  fetch(`${bed.gateway.url}${servicePath}/execute?api-version=2.0`, {
    method: 'POST',
    body: '{}',
    headers: { 'Ocp-Apim-Subscription-Key': key },
  })

test('usage is counted by subscription and operation, also what was refused', async () => {
  const { keys } = await addSubscription(bed.ports, { name: 'counted', product: 'Starter' })
  for (let at = 0; at < 7; at++) await execute(keys.primaryKey)
  // A call is counted when its answer has gone, which its caller may have read by then.
  const rows = createFileRows(`${bed.folder}/usage`)
  const page = await eventually(async () => {
    const shown = await fetch(`${bed.gateway.url}/usage`)
    const [line] = await readUsage(rows, { subscriptions: ['counted'], sinceMs: 0 })
    expect(line?.calls).toBe(7)
    return shown
  })
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self';/),
  ])
  expect(await page.text()).toContain('<td>counted</td>')
  expect(await readUsage(rows, { subscriptions: ['counted'], sinceMs: 0 })).toMatchObject([
    { operation: 'rrs-execute', calls: 7, blocked: 2, failed: 0, bytesIn: 10, bytesOut: 55 },
  ])
})

test('usage is shown to nobody who comes under another name or through a proxy', async () => {
  const lines = ['GET /usage HTTP/1.1', 'Host: evil.example', 'Connection: close']
  expect((await callRaw(bed.gateway.url, `${lines.join('\r\n')}\r\n\r\n`)).status).toBe(404)
  const proxied = await fetch(`${bed.gateway.url}/usage`, { headers: { 'X-Forwarded-For': '10.0.0.1' } })
  expect(proxied.status).toBe(404)
})
