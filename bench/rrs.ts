import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { expectOk } from './parts/expectOk.ts'
import { encodePost, type LoadResult, numbersOf, runLoad } from './parts/load.ts'
import { endpointOf, startEmulatorProcess } from './parts/startEmulatorProcess.ts'

const samples = join(import.meta.dirname, '../samples')
const columns = [
  ...['phase_of_flight', 'time_of_day', 'wildlife_size', 'wildlife_species'].map((name) => ({
    name,
    type: 'categorical',
  })),
  { name: 'speed_knots', type: 'numeric' },
]
const training = {
  kind: 'training',
  inputPort: 'input1',
  columns,
  label: { column: 'damage', positive: 'yes' },
  outputs: { model: 'output1', evaluation: 'output2' },
}
const trees = { kind: 'twoClassBoostedDecisionTree', numberOfTrees: 100, numberOfLeaves: 20 }
const experiments = {
  scored: {
    ...{ ...training, name: 'Scored', learner: trees },
    predictive: { trainedOn: join(samples, 'american-next.csv') },
  },
  busy: { ...training, name: 'Busy', learner: { ...trees, numberOfTrees: 10_000, learningRate: 0.001 } },
}
const row = ['Climb', 'Night', 'Large', 'Unknown bird - large', '150']

const usage = `npm run bench -- rrs [--seconds N] [--trace All] [--json]
  --seconds N  of scoring (15)
  --trace All  with request logs
  --json       a last line of JSON`

const options = {
  seconds: { type: 'string', default: '15' },
  trace: { type: 'string', default: 'None' },
  json: { type: 'boolean' },
  help: { type: 'boolean', default: false },
} as const

/**
 * RRS of one row on boosted trees (100 trees, 20 leaves), endpoint at High/200, 64 connections, the load generator on the
 * same cores, while a training job runs. Arguments: `--seconds N` (default 15), `--trace All`
 * (with request logs), `--json` (the last line is JSON).
 */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench rrs', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const seconds = numberOf('seconds', values.seconds)
  const folder = await mkdtemp(join(tmpdir(), 'bench-rrs-'))
  for (const [key, experiment] of Object.entries(experiments)) {
    await writeFile(join(folder, `${key}.json`), JSON.stringify(experiment))
  }
  const emulator = await startEmulatorProcess({ experiments: [folder], dataPlaces: [samples] })
  try {
    const { workspace, service, endpoint } = endpointOf(emulator.description, 'Scored [predictive exp.]')
    const { url } = emulator.description
    await expectOk(`${url}/workspaces/${workspace.id}/webservices/${service.id}/endpoints/default`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${workspace.token}` },
      body: JSON.stringify({
        ThrottleLevel: 'High',
        MaxConcurrentCalls: 200,
        DiagnosticsTraceLevel: values.trace,
      }),
    })
    const body = JSON.stringify({
      Inputs: { input1: { ColumnNames: columns.map((column) => column.name), Values: [row] } },
      GlobalParameters: {},
    })
    const target = new URL(`${endpoint.apiLocation}/execute?api-version=2.0`)
    const request = encodePost(target, endpoint.primaryKey, body)
    const load = (seconds: number) =>
      runLoad({
        host: target.hostname,
        port: Number(target.port),
        connections: 64,
        seconds,
        next: () => request,
      })
    await load(2)
    const quiet = await load(seconds / 3)
    const job = await startBusyJob(emulator.description)
    const result = await load(seconds)
    const { StatusCode } = await job.status()
    await job.remove()
    print('without a job', quiet)
    print(`with a training job (${StatusCode} at the end)`, result)
    if (values.json === true) console.log(JSON.stringify({ ...numbersOf(result), jobStatus: StatusCode }))
    return Object.keys(result.statuses).join() === '200' && StatusCode === 'Running' ? 0 : 1
  } finally {
    await emulator.stop()
    await rm(folder, { recursive: true })
  }
}

/** A job that trains for longer than is measured. */
async function startBusyJob(description: Parameters<typeof endpointOf>[0]) {
  const { endpoint } = endpointOf(description, 'Busy')
  const headers = { Authorization: `Bearer ${endpoint.primaryKey}` }
  const upload = await expectOk(`${description.url}/admin/uploads`, {
    method: 'POST',
    body: JSON.stringify({ name: 'busy.csv' }),
  })
  const { url, relativeLocation } = (await upload.json()) as { url: string; relativeLocation: string }
  await expectOk(url, {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob' },
    body: await manyRows(),
  })
  const Input = { ConnectionString: description.storage, RelativeLocation: relativeLocation }
  const jobs = `${endpoint.apiLocation}/jobs`
  const version = '?api-version=2.0'
  const submitted = await expectOk(jobs + version, {
    method: 'POST',
    headers,
    body: JSON.stringify({ Input }),
  })
  const job = `${jobs}/${await submitted.json()}`
  await expectOk(`${job}/start${version}`, { method: 'POST', headers })
  return {
    status: async () =>
      (await expectOk(job + version, { headers })).json() as Promise<{ StatusCode: string }>,
    remove: () => expectOk(job + version, { method: 'DELETE', headers }),
  }
}

/** The sample's rows forty times over: 60,800. */
async function manyRows(): Promise<string> {
  const [header = '', ...rows] = (await readFile(join(samples, 'american-next.csv'), 'utf8'))
    .trim()
    .split('\n')
  return [header, ...Array.from({ length: 40 }, () => rows.join('\n'))].join('\n')
}

function print(when: string, result: LoadResult): void {
  const { requestsPerSecond, p50Ms, p99Ms, statuses } = numbersOf(result)
  console.log(
    `${when}: ${requestsPerSecond} requests a second, p50 ${p50Ms} ms, p99 ${p99Ms} ms, answers ${JSON.stringify(statuses)}`,
  )
}
