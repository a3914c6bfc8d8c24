import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Description } from '../../emulator/describe.ts'
import { type Load, openLoad } from '../load.ts'

/** The three ways to the emulator: none between, a relay that only passes bytes on, the gateway. */
export const ways = ['direct', 'relay', 'through'] as const
export type Way = (typeof ways)[number]

/** What is measured. */
export type Bed = Record<Way, Load> & { stop(): Promise<void> }

const root = join(import.meta.dirname, '..', '..')
const body =
  '{"Inputs":{"input1":{"ColumnNames":["Col2"],"Values":[["This is a good day"]]}},"GlobalParameters":{}}'

/** The emulator, the gateway and a bare relay as processes of their own, in a temporary folder. */
export async function startBed(connections: number): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'))
  const children: ChildProcess[] = []
  const stop = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null) continue
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const emulator = (await start(children, 'emulator', ['--data', join(folder, 'emulator')])) as Description
    const gateway = (await start(children, 'gateway', [
      '--data',
      join(folder, 'gateway'),
      '--backend',
      emulator.url,
    ])) as { url: string; subscriptions: { product: string; primaryKey: string }[] }
    const endpoint = emulator.workspaces[0]?.webServices.find(
      ({ name }) => name === 'SimpleFeatureHashingExperiment',
    )?.endpoints[0]
    const key = gateway.subscriptions.find(({ product }) => product === 'Unlimited')?.primaryKey
    if (endpoint === undefined || key === undefined) throw new Error('Cannot measure: nothing to call')
    const relay = (await start(children, 'relay', ['--to', emulator.url])) as { url: string }
    const path = new URL(endpoint.apiLocation).pathname
    const direct = requestOf(emulator.url, path, endpoint.primaryKey)
    const through = requestOf(gateway.url, `/azureml-demo${path}`, endpoint.primaryKey, key)
    const loads = {
      direct: await openLoad(emulator.url, direct, connections),
      relay: await openLoad(relay.url, direct, connections),
      through: await openLoad(gateway.url, through, connections),
    }
    const stopAll = () => {
      for (const load of Object.values(loads)) load.close()
      return stop()
    }
    return { ...loads, stop: stopAll }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(children: ChildProcess[], part: string, args: string[]): Promise<unknown> {
  const file = part === 'relay' ? join(import.meta.dirname, 'relay.ts') : join(root, part, 'main.ts')
  const child = spawn(process.execPath, [file, '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error(`Cannot measure: ${part} ended before it was ready`)
}

function requestOf(url: string, path: string, endpointKey: string, subscriptionKey?: string): string {
  return [
    `POST ${path}/execute?api-version=2.0&details=true HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${endpointKey}`,
    ...(subscriptionKey === undefined ? [] : [`Ocp-Apim-Subscription-Key: ${subscriptionKey}`]),
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}
