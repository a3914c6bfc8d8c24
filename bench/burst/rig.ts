import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startAzurite } from '../../local/azurite.ts'
import { startChild, stopChild } from '../../local/process/child.ts'
import { openAppStorage } from '../../local/setup/appStorage.ts'
import type { EmulatorReady } from '../../local/setup/emulatorApi.ts'
import { hostSettings } from '../../local/setup/hostSettings.ts'
import { createAzureStores, createMissing } from '../../shared/adapters/azureStores.ts'
import { copyApp } from '../../test/faults/app.ts'
import { addCustomers } from '../../test/faults/customers.ts'
import { createAppStoragePorts } from './stores.ts'

/** The parts a burst is measured on: Azurite in memory, the emulator and, once started, the built-in host. */
export type BurstRig = Awaited<ReturnType<typeof startRig>>

/** How large the burst's world is; `quietSeconds` of every model. */
export type RigOptions = {
  customers: number
  quietSeconds: number
  jobsInFlight: number
  print(line: string): void
}

const root = join(import.meta.dirname, '..', '..')
const readyMs = 60_000

/** Starts storage and the emulator and sets the customers up; on a failure what was started is stopped again. */
export async function startRig(options: RigOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'burst-'))
  const children: ChildProcess[] = []
  const stop = async () => {
    for (const child of children.toReversed()) await stopChild(child, 15_000)
    rmSync(folder, { recursive: true, force: true })
  }
  const onSpawn = (child: ChildProcess) => void children.push(child)
  try {
    for (const name of ['logs', 'counts']) mkdirSync(join(folder, name))
    const { connectionString } = await startAzurite({ onSpawn })
    const emulator = await startEmulator(folder, connectionString, onSpawn)
    const stores = createAzureStores(connectionString)
    await createMissing(stores)
    const secretsFile = join(folder, 'secrets.json')
    const customers = await setUp(options, { connectionString, emulator, secretsFile })
    const environment = { ...hostSettings(connectionString, secretsFile), ...measured(folder) }
    const startHost = async () => startFunctions(folder, environment, onSpawn)
    return {
      folder,
      connectionString,
      stores,
      ports: createAppStoragePorts(stores),
      customers,
      startHost,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Told to end, the parts are stopped first; npm and a terminal tell it twice. */
export function stopOnSignal({ stop }: Pick<BurstRig, 'stop'>): void {
  let isStopping = false
  const interrupted = () => {
    if (isStopping) return
    isStopping = true
    void stop().then(() => process.exit(130))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted)
}

/** The worker counts its requests; reconciling and looking for blobs go at Azure's pace. */
function measured(folder: string): Record<string, string> {
  const preload = pathToFileURL(join(import.meta.dirname, 'countRequests.ts')).href
  return {
    languageWorkers__node__arguments: `--import=${preload}`,
    REQUEST_COUNTS: join(folder, 'counts'),
    RECONCILE_SCHEDULE: '0 */5 * * * *',
    LOCAL_HOST_BLOB_SCAN_MS: '10000',
  }
}

async function startEmulator(
  folder: string,
  connectionString: string,
  onSpawn: (child: ChildProcess) => void,
): Promise<EmulatorReady> {
  const { ready } = await startChild({
    name: 'the emulator',
    file: join(root, 'emulator', 'main.ts'),
    args: [
      ...['--port', '0', '--data', join(folder, 'emulator'), '--storage', connectionString],
      ...['--experiments', join(root, 'test', 'faults', 'experiments'), '--data', join(root, 'samples')],
      ...['--patch-delay', '1', '--workers', '1', '--json'],
    ],
    logFile: join(folder, 'logs', 'emulator.log'),
    readyMs,
    onSpawn,
  })
  return ready as EmulatorReady
}

async function setUp(
  options: RigOptions,
  from: { connectionString: string; emulator: EmulatorReady; secretsFile: string },
): Promise<string[]> {
  const { tables } = await openAppStorage(from.connectionString)
  const through = (text: string) => text
  const { customers } = await addCustomers({ count: options.customers, ...from, tables, through })
  const { quietSeconds, jobsInFlight: maxJobsInFlight } = options
  for (const { customerId } of customers) {
    const settings = await tables.readSettings({ customerId, model: 'purchases' })
    if (settings === undefined) throw new Error(`Cannot set up ${customerId}: its settings are missing`)
    await tables.putSettings({
      ...settings,
      trainingData: 'latest',
      quietSeconds,
      maxQuietSeconds: quietSeconds * 10,
    })
  }
  const service = await tables.readTrainingService('Purchases')
  if (service !== undefined) await tables.putTrainingService({ ...service, maxJobsInFlight })
  return customers.map(({ customerId }) => customerId)
}

async function startFunctions(
  folder: string,
  env: Record<string, string>,
  onSpawn: (child: ChildProcess) => void,
): Promise<void> {
  const app = await copyApp(root, folder)
  await startChild({
    name: 'the Functions host',
    file: join(root, 'local', 'host', 'main.ts'),
    args: ['--root', app, '--port', '0', '--json'],
    env,
    logFile: join(folder, 'logs', 'host.log'),
    readyMs,
    onSpawn,
  })
}
