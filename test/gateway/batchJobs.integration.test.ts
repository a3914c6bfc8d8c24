import { afterAll, beforeAll, expect, test } from 'vitest'
import { fruitCsv } from '../emulator/fruit.ts'
import { startTestBed, type Target, type TestBed } from '../emulator/harness.ts'
import { putBlob, resultUrl } from '../emulator/jobCalls.ts'
import { eventually } from '../setup/eventually.ts'
import { type GatewayBed, startGatewayBed } from './gatewayBed.ts'

let bed: TestBed
let gateway: GatewayBed
let target: Target
let base: string

beforeAll(async () => {
  bed = await startTestBed()
  target = bed.target('Fruit')
  gateway = await startGatewayBed(bed.emulator.url, { now: Date.now })
  base = `${gateway.gateway.url}/azureml-demo${new URL(target.api).pathname}`
})
afterAll(async () => {
  await gateway?.remove()
  await bed?.remove()
})

type Job = { StatusCode: string; Results: Record<string, Parameters<typeof resultUrl>[0]> }
const jobOf = async (jobId: unknown) => (await (await call('GET', `/jobs/${jobId}`)).json()) as Job

const call = (method: string, path: string, body?: unknown) =>
  fetch(`${base}${path}?api-version=2.0`, {
    method,
    headers: {
      'Ocp-Apim-Subscription-Key': gateway.keyOf('Unlimited'),
      Authorization: `Bearer ${target.key}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

test('a job is submitted, started, watched to its end, read and deleted through the gateway', async () => {
  const input = await putBlob(bed, 'input.csv', fruitCsv(60))
  const submitted = await call('POST', '/jobs', { Input: input, GlobalParameters: {} })
  expect(submitted.status).toBe(200)
  const jobId = await submitted.json()
  expect((await jobOf(jobId)).StatusCode).toBe('NotStarted')
  const started = await call('POST', `/jobs/${jobId}/start`)
  expect(started.ok).toBe(true)
  const finished = await eventually(async () => {
    const job = await jobOf(jobId)
    expect(job.StatusCode).toBe('Finished')
    return job
  })
  for (const result of Object.values(finished.Results)) {
    const answer = await fetch(resultUrl(result))
    expect(answer.status).toBe(200)
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0)
  }
  const direct = await fetch(`${target.api}/jobs/${jobId}?api-version=2.0`, {
    headers: { Authorization: `Bearer ${target.key}` },
  })
  expect(((await direct.json()) as Job).StatusCode).toBe('Finished')
  expect((await call('DELETE', `/jobs/${jobId}`)).ok).toBe(true)
  // A call is counted when its answer has gone, which its caller may have read by then.
  await eventually(async () => {
    const page = await (await fetch(`${gateway.gateway.url}/usage`)).text()
    for (const operation of ['bes-submit', 'bes-start', 'bes-status', 'bes-delete']) {
      expect(page).toContain(`<td>${operation}</td>`)
    }
  })
})
