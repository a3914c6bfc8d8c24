import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { Description } from '../emulator/describe.ts'
import { type Load, openLoad, quantile } from './load.ts'

const body =
  '{"Inputs":{"input1":{"ColumnNames":["Col2"],"Values":[["This is a good day"]]}},"GlobalParameters":{}}'

type Figures = { direct: number[]; through: number[] }

/**
 * Measures the gateway in front of the emulator beside the emulator alone, in turn: requests a second for one-row RRS, and
 * latencies at half of what the gateway reaches. Arguments: `--seconds N` of each measurement, `--rounds N`,
 * `--connections N`, `--json` (the last line is JSON). Ends with 1 where the gateway reaches less than half, or adds 5 ms at p99.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16' },
      json: { type: 'boolean', default: false },
    },
  })
  console.log(
    `${availableParallelism()} cores, load before ${loadavg()[0]?.toFixed(1)}: the machine's other work shows in the figures`,
  )
  const milliseconds = Number(values.seconds) * 1000
  const rounds = Number(values.rounds)
  const bed = await startBed(Number(values.connections))
  try {
    const rates = await inTurn(rounds, bed, async (load) => [await load.flood(milliseconds)])
    const [direct, through] = [median(rates.direct), median(rates.through)]
    const share = median(rates.through.map((rate, at) => rate / (rates.direct[at] ?? Number.NaN)))
    const pace = Math.floor(through / 2)
    const latencies = await inTurn(rounds, bed, (load) => load.pace(pace, milliseconds))
    return report({ direct, through, share: round(share), pace, latencies, json: values.json })
  } finally {
    await bed.stop()
  }
}

type Result = {
  direct: number
  through: number
  share: number
  pace: number
  latencies: Figures
  json: boolean
}

function report({ direct, through, share, pace, latencies, json }: Result): number {
  const at = (share: number) => ({
    direct: round(quantile(latencies.direct, share)),
    through: round(quantile(latencies.through, share)),
  })
  const [p50, p99] = [at(0.5), at(0.99)]
  const addedP99Ms = round(p99.through - p99.direct)
  const isOk = share >= 0.5 && addedP99Ms < 5
  console.log(
    `emulator ${Math.round(direct)} requests/s, through the gateway ${Math.round(through)} (${share})`,
  )
  console.log(
    `at ${pace} requests/s: p50 ${p50.direct} -> ${p50.through} ms, p99 ${p99.direct} -> ${p99.through} ms`,
  )
  console.log(
    `added at p99: ${addedP99Ms} ms${isOk ? '' : '  (asked for: half of the requests, less than 5 ms)'}`,
  )
  if (json) console.log(JSON.stringify({ direct, through, share, pace, p50, p99, addedP99Ms, ok: isOk }))
  return isOk ? 0 : 1
}

type Bed = { direct: Load; through: Load; stop(): Promise<void> }

/** Measures both in turn, so that what else the machine does hits both; a short round before warms both up. */
async function inTurn(
  rounds: number,
  { direct, through }: Bed,
  measure: (load: Load) => Promise<number[]>,
): Promise<Figures> {
  const figures: Figures = { direct: [], through: [] }
  for (const load of [direct, through]) await load.flood(500)
  for (let at = 0; at < rounds; at++) {
    figures.direct.push(...(await measure(direct)))
    figures.through.push(...(await measure(through)))
  }
  return figures
}

/** The emulator and the gateway as processes of their own, in a temporary folder. */
async function startBed(connections: number): Promise<Bed> {
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
    const path = new URL(endpoint.apiLocation).pathname
    const direct = requestOf(emulator.url, path, endpoint.primaryKey)
    const through = requestOf(gateway.url, `/azureml-demo${path}`, endpoint.primaryKey, key)
    const loads = {
      direct: await openLoad(emulator.url, direct, connections),
      through: await openLoad(gateway.url, through, connections),
    }
    const stopAll = () => {
      for (const load of [loads.direct, loads.through]) load.close()
      return stop()
    }
    return { ...loads, stop: stopAll }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(children: ChildProcess[], part: string, args: string[]): Promise<unknown> {
  const file = join(import.meta.dirname, '..', part, 'main.ts')
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

const median = (values: readonly number[]) => quantile(values, 0.5)
const round = (value: number) => Number(value.toPrecision(3))
