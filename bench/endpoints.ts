import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrainingExperiment } from '../emulator/experiment.ts'
import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { expectOk } from './parts/expectOk.ts'
import { encodePost, type LoadResult, numbersOf, runLoad } from './parts/load.ts'
import { startModelServer } from './parts/modelServer.ts'
import { endpointOf, startEmulatorProcess } from './parts/startEmulatorProcess.ts'

const samples = join(import.meta.dirname, '../samples/first.csv')
const experiment: TrainingExperiment = {
  kind: 'training',
  name: 'Many',
  inputPort: 'input1',
  columns: [
    { name: 'phase_of_flight', type: 'categorical' },
    { name: 'wildlife_size', type: 'categorical' },
    { name: 'speed_knots', type: 'numeric' },
  ],
  label: { column: 'damage', positive: 'yes' },
  learner: { kind: 'twoClassBoostedDecisionTree', numberOfTrees: 20 },
  outputs: { model: 'output1', evaluation: 'output2' },
}
const body = JSON.stringify({
  Inputs: { input1: [{ phase_of_flight: 'Climb', wildlife_size: 'Large', speed_knots: 150 }] },
})
const cacheBytes = 16 * 1024 * 1024

type Endpoint = { Name: string; ApiLocation: string; PrimaryKey: string }

const usage = `npm run bench -- endpoints [--count N] [--seconds N] [--json]
  --count N    endpoints of the web service (10000)
  --seconds N  of scoring over all of them (10)
  --json       a last line of JSON`

const options = {
  count: { type: 'string', default: '10000' },
  seconds: { type: 'string', default: '10' },
  json: { type: 'boolean' },
  help: { type: 'boolean', default: false },
} as const

/**
 * 10,000 endpoints of one web service: created by PUT and listed; then each gets its own model by PATCH; then RRS over all
 * of them at random, with room for some hundred models in memory. Arguments: `--count N`, `--seconds N`, `--json`.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench endpoints', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const count = numberOf('count', values.count)
  const seconds = numberOf('seconds', values.seconds)
  const folder = await mkdtemp(join(tmpdir(), 'bench-endpoints-'))
  const file = { ...experiment, predictive: { trainedOn: samples } }
  await writeFile(join(folder, 'many.json'), JSON.stringify(file))
  const models = await startModelServer(experiment, await readFile(samples))
  const served = { experiments: [folder], patchDelaySeconds: 0, modelCacheBytes: cacheBytes }
  // The default endpoint counts too.
  const emulator = await startEmulatorProcess({ ...served, maxEndpointsPerService: count + 1 })
  try {
    const { workspace, service } = endpointOf(emulator.description, 'Many [predictive exp.]')
    const { url } = emulator.description
    const endpoints = `${url}/workspaces/${workspace.id}/webservices/${service.id}/endpoints`
    const headers = { Authorization: `Bearer ${workspace.token}` }
    const one = (at: number, method: string, json: object) =>
      expectOk(`${endpoints}/e${at}`, { method, headers, body: JSON.stringify(json) }).then((answer) =>
        answer.text(),
      )
    const createdSeconds = await timed(() => inParallel(count, (at) => one(at, 'PUT', {})))
    let listed: Endpoint[] = []
    const listedSeconds = await timed(async () => {
      listed = (await (await expectOk(endpoints, { headers })).json()) as Endpoint[]
    })
    console.log(
      `${count} endpoints: created in ${createdSeconds.toFixed(1)} s, ${listed.length} listed in ${listedSeconds.toFixed(2)} s`,
    )
    const patchedSeconds = await timed(() =>
      inParallel(count, (at) =>
        one(at, 'PATCH', {
          Resources: [{ Name: 'Many [trained model]', Location: models.location(at) }],
        }),
      ),
    )
    console.log(
      `each with a model of its own (${models.sizeBytes} bytes) by PATCH: ${patchedSeconds.toFixed(1)} s`,
    )
    const result = await scoreAtRandom(listed, seconds)
    print(result)
    const numbers = { createdSeconds, listedSeconds, patchedSeconds, ...numbersOf(result) }
    if (values.json === true) console.log(JSON.stringify(numbers))
    const isFast = createdSeconds + listedSeconds < 30
    return isFast && listed.length === count + 1 && Object.keys(result.statuses).join() === '200' ? 0 : 1
  } finally {
    models.close()
    await emulator.stop()
    await rm(folder, { recursive: true })
  }
}

function scoreAtRandom(endpoints: readonly Endpoint[], seconds: number): Promise<LoadResult> {
  const requests = endpoints.map(({ ApiLocation, PrimaryKey }) =>
    encodePost(new URL(`${ApiLocation}/execute?api-version=2.0`), PrimaryKey, body),
  )
  const { hostname, port } = new URL(endpoints[0]?.ApiLocation ?? '')
  let seed = 1
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return requests[(seed >>> 8) % requests.length] ?? Buffer.alloc(0)
  }
  return runLoad({ host: hostname, port: Number(port), connections: 64, seconds, next })
}

function print(result: LoadResult): void {
  const { requestsPerSecond, p50Ms, p99Ms, statuses } = numbersOf(result)
  console.log(
    `RRS over all of them at random, 64 connections, ${cacheBytes / 1024 / 1024} MB of models in memory: ${requestsPerSecond} requests a second, p50 ${p50Ms} ms, p99 ${p99Ms} ms, answers ${JSON.stringify(statuses)}`,
  )
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return (performance.now() - startedMs) / 1000
}

/** Does `work` for 0 to count - 1, 64 at a time. */
async function inParallel(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const loops = Array.from({ length: 64 }, async () => {
    while (next < count) await work(next++)
  })
  await Promise.all(loops)
}
