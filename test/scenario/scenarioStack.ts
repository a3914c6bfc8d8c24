import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parse } from 'yaml'
import { addEndpoint, findWebService, scoreRows } from '../../local/setup/emulatorApi.ts'
import { type Stack, startStack } from '../../local/stack.ts'
import { type Ended, runLine } from '../cli/runLine.ts'
import { predictiveService } from './roles.ts'

/** An empty local stack, and `retrain` on it. */
export type ScenarioStack = {
  folder: string
  stack: Stack
  /** What the starter fleet file says of the web services. */
  services: unknown
  /** Runs a command line; what it printed. */
  retrain(...args: string[]): Promise<Ended>
  /** Runs a command line with `--json`, which has to end with 0; its values. */
  values<Value = Record<string, unknown>>(...args: string[]): Promise<Value[]>
  /** Writes a file into the folder; its path. */
  write(name: string, text: string): Promise<string>
  /** What a customer's endpoint answers for a row (RRS): the scored probability. */
  score(customer: string, row: Record<string, string>): Promise<number>
  /** Adds a fault to the emulator's default endpoint of a service. */
  fault(service: string, fault: object): Promise<void>
  stop(): Promise<void>
}

/** Everything happens within a second or two, so that the scenario is short. */
const quick = {
  POLL_SCHEDULE: '* * * * * *',
  RECONCILE_SCHEDULE: '*/5 * * * * *',
  POLL_MAX_SECONDS: '1',
  CHECK_DELAY_SECONDS: '1',
  RETRY_SECONDS: '1',
}
const root = join(import.meta.dirname, '..', '..')

/** Starts an empty local stack in a folder of its own, on free ports. */
export async function startScenarioStack(): Promise<ScenarioStack> {
  const folder = await mkdtemp(join(tmpdir(), 'retrain-scenario-'))
  const ports = { functions: 0, emulator: 0, blob: 0, queue: 0, table: 0 }
  const stack = await startStack({ root, folder, ports, empty: true, settings: quick, patchDelaySeconds: 1 })
  const { services } = parse(await readFile(join(folder, 'fleet.yaml'), 'utf8'))
  // Few looks: each is work for the host and its storage.
  const options = { env: { RETRAIN_STACK: folder }, pause: () => setTimeout(250) }
  const retrain = (...args: string[]) => runLine(args, options)
  return {
    ...{ folder, stack, services, retrain },
    async values(...args) {
      const { exitCode, stdout, stderr } = await retrain(...args, '--json')
      if (exitCode !== 0) throw new Error(`retrain ${args.join(' ')} ended with ${exitCode}: ${stderr}`)
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    },
    async write(name, text) {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    },
    async score(customer, row) {
      const endpoint = await addEndpoint(stack.emulator, predictiveService, customer, '')
      const [answer] = await scoreRows(endpoint, [row])
      return Number(answer?.['Scored Probabilities'])
    },
    async fault(service, fault) {
      const endpoint = findWebService(stack.emulator, service).service.endpoints[0]?.id
      const answer = await fetch(`${stack.urls.emulator}/admin/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...fault, endpoint }),
      })
      if (!answer.ok) throw new Error(`Cannot add a fault: ${answer.status} ${await answer.text()}`)
    },
    async stop() {
      await stack.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
