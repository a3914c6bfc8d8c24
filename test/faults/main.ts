import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWith, numberOf, readArguments } from '../../scripts/commandLine.ts'
import { held, renderReport, toJson } from './report.ts'
import { runFaults } from './runFaults.ts'

const usage = `Runs the whole app on real parts (Azurite on disk, the emulator, two Functions hosts on one account) while parts are killed,
the network is cut and the web service misbehaves; then witnesses look at storage and the emulator.

  npm run faults -- --minutes 5
      --customers 60   customers, each with a model and an endpoint
      --drops 4        drops a second
      --seed N         the plan of the faults (printed; default: by the clock)
      --keep           leaves the folder with logs and state there
      --json           a last line of JSON; exit code 1 when something did not hold`

const options = {
  minutes: { type: 'string', default: '5' },
  customers: { type: 'string', default: '60' },
  drops: { type: 'string', default: '4' },
  seed: { type: 'string' },
  keep: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values } = readArguments('faults', { options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : numberOf('seed', values.seed)
  const asked = {
    minutes: numberOf('minutes', values.minutes),
    customerCount: numberOf('customers', values.customers),
    dropsPerSecond: numberOf('drops', values.drops),
  }
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  const folder = mkdtempSync(join(tmpdir(), 'faults-'))
  const startedMs = performance.now()
  const print = (line: string) =>
    void process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} ${line}\n`)
  print(`everything lies in ${folder}`)
  try {
    const result = await runFaults({ ...asked, folder, print, seed, signal: stopping.signal })
    for (const line of renderReport(result)) console.log(line)
    const json = toJson(result)
    if (values.json) console.log(JSON.stringify(json))
    return held(json) ? 0 : 1
  } finally {
    if (!values.keep) rmSync(folder, { recursive: true, force: true })
  }
}

await endWith(main)
