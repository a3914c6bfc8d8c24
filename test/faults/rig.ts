import { randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningAzurite, startAzurite } from '../../local/azurite.ts'
import { choosePorts } from '../../local/parts/choosePorts.ts'
import { startChild } from '../../local/process/child.ts'
import { openAppStorage } from '../../local/setup/appStorage.ts'
import type { EmulatorReady } from '../../local/setup/emulatorApi.ts'
import { appEnvironment, copyApp } from './app.ts'
import { addCustomers, type Customer } from './customers.ts'
import { type Network, startNetwork } from './network.ts'
import { createPart, type Part } from './processes.ts'

/** How a rig is started; everything lies in `folder`. */
export type RigOptions = { folder: string; customerCount: number; print(line: string): void }

/** The whole app on real parts: Azurite on disk, the emulator, two Functions hosts on one account, and the network between them. */
export type Rig = {
  folder: string
  storage: Part
  emulator: Part
  hosts: readonly [Part, Part]
  network: Network
  customers: readonly Customer[]
  /** Azurite's own address, past the proxy: for droppers and witnesses. */
  connectionString: string
  /** The emulator's own address. */
  emulatorUrl: string
  /** Every secret the app was given, by name. */
  secrets: Readonly<Record<string, string>>
  hostLogs: readonly string[]
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..', '..')
const readyMs = 60_000

/** Starts every part and sets the customers up. On a failure what was started is stopped again. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const closers: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    return { ...(await startAll(options, closers)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Ports that are still free when a part starts again: below those that systems give to outgoing connections, of which this
 * run makes thousands.
 */
function keptPorts() {
  const first = 15_000 + 10 * randomInt(1_500)
  return { blob: first, queue: first + 1, table: first + 2, emulator: first + 3, functions: first + 4 }
}

async function startAll(
  options: RigOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<Rig, 'stop'>> {
  const { folder, print, customerCount: count } = options
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const ports = await choosePorts(keptPorts(), { print })
  const network = await startNetwork(ports)
  closers.push(() => network.close())
  const { part: storage, connectionString } = await startStorage(options, ports)
  closers.push(() => storage.close('stop'))
  const throughProxy = network.through(connectionString)
  const { part: emulator, ready } = await startEmulator(options, ports.emulator, throughProxy)
  closers.push(() => emulator.close('kill'))
  const { tables } = await openAppStorage(connectionString)
  const secretsFile = join(folder, 'secrets.json')
  const { through } = network
  print(`adding ${count} customers`)
  const { customers, keys } = await addCustomers({ count, emulator: ready, tables, secretsFile, through })
  const environment = appEnvironment(throughProxy, secretsFile)
  const app = await copyApp(root, folder)
  const hostLogs = [1, 2].map((number) => join(folder, 'logs', `host${number}.log`))
  const hosts = hostLogs.map((logFile, at) =>
    hostPart(`host ${at + 1}`, { app, logFile, environment, print }),
  )
  closers.push(() => Promise.all(hosts.map((host) => host.close('kill'))))
  print('starting two Functions hosts')
  await Promise.all(hosts.map((host) => host.start()))
  return {
    ...{ folder, storage, emulator, network, customers, connectionString, hostLogs },
    hosts: hosts as unknown as Rig['hosts'],
    emulatorUrl: ready.url,
    secrets: { ...keys, 'account key': /AccountKey=([^;]+)/.exec(connectionString)?.[1] ?? '' },
  }
}

async function startStorage(
  { folder, print }: RigOptions,
  ports: { blob: number; queue: number; table: number },
): Promise<{ part: Part; connectionString: string }> {
  const place = join(folder, 'azurite')
  mkdirSync(place, { recursive: true })
  let running: RunningAzurite | undefined
  const { blob: blobPort, queue: queuePort, table: tablePort } = ports
  const part = createPart(
    'storage',
    async (onSpawn) => {
      running = await startAzurite({ folder: place, blobPort, queuePort, tablePort, onSpawn })
    },
    print,
  )
  print('starting storage (Azurite, on disk)')
  await part.start()
  return { part, connectionString: running?.connectionString ?? '' }
}

async function startEmulator(
  { folder, print }: RigOptions,
  port: number,
  connectionString: string,
): Promise<{ part: Part; ready: EmulatorReady }> {
  let ready: unknown
  const part = createPart(
    'the emulator',
    async (onSpawn) => {
      const started = await startChild({
        name: 'the emulator',
        file: join(root, 'emulator', 'main.ts'),
        args: [
          ...['--port', String(port), '--data', join(folder, 'emulator'), '--storage', connectionString],
          ...['--experiments', join(import.meta.dirname, 'experiments'), '--data', join(root, 'samples')],
          ...['--admin', '--patch-delay', '1', '--workers', '1', '--json'],
        ],
        logFile: join(folder, 'logs', 'emulator.log'),
        readyMs,
        onSpawn,
      })
      ready = started.ready
    },
    print,
  )
  print('starting the emulator')
  await part.start()
  return { part, ready: ready as EmulatorReady }
}

function hostPart(
  name: string,
  options: {
    app: string
    logFile: string
    environment: Record<string, string>
    print(line: string): void
  },
): Part {
  return createPart(
    name,
    (onSpawn) =>
      startChild({
        name,
        file: join(root, 'local', 'host', 'main.ts'),
        args: ['--root', options.app, '--port', '0', '--json'],
        env: options.environment,
        logFile: options.logFile,
        readyMs,
        onSpawn,
      }),
    options.print,
  )
}
