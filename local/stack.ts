import { readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureBundle } from './parts/bundle.ts'
import { choosePorts, type StackPorts } from './parts/choosePorts.ts'
import { requireCoreTools } from './parts/coreTools.ts'
import { readLastPorts, writeLastPorts } from './parts/lastPorts.ts'
import { createParts, type Parts } from './parts/parts.ts'
import { startEmulator, startFunctions, startStorage } from './parts/startParts.ts'
import { ownFolder } from './process/ownership.ts'
import { removeStackFile, type StackFile, writeStackFile } from './process/stackFile.ts'
import { type AppStorage, openAppStorage } from './setup/appStorage.ts'
import type { EmulatorReady, ServedEndpoint } from './setup/emulatorApi.ts'
import { readHostKey } from './setup/hostKey.ts'
import { hostSettings } from './setup/hostSettings.ts'
import { setUpCustomers } from './setup/setUpCustomers.ts'
import { setUpServices } from './setup/setUpServices.ts'

/** How the stack is started; every field but `root` has a default. */
export type StackOptions = {
  /** The project's folder. */
  root: string
  /** Where the state lies; default `.local` in the project. */
  folder?: string
  /** Begins anew: what lies in the folder is deleted first. */
  fresh?: boolean
  /** Without the sample customers. */
  empty?: boolean
  /** Ports to listen on (0: any free one). */
  ports?: Partial<StackPorts>
  /** The built-in host, or Azure Functions Core Tools. */
  host?: 'local' | 'func'
  /** Settings of the app and its host that differ from the usual ones of this machine. */
  settings?: Readonly<Record<string, string>>
  /** How long the emulator keeps answering with the old model after a PATCH; default 3. */
  patchDelaySeconds?: number
  print?(line: string): void
}

/** A running stack. */
export type Stack = {
  root: string
  folder: string
  urls: { functions: string; emulator: string; storage: string }
  connectionString: string
  emulator: EmulatorReady
  /** The sample customers and their endpoints. */
  customers: { customerId: string; endpoint: ServedEndpoint }[]
  storage: AppStorage
  /** Throws when a part has ended by itself. */
  assertRunning(): void
  /** Settles when a part has ended by itself, with the sentence that says so. */
  failed: Promise<string>
  /** Stops the Functions host (which drains), then the emulator, then Azurite, and waits for each. */
  stop(): Promise<void>
}

/**
 * Starts storage, the emulator and a Functions host with the app, in that order, and sets up the sample customers.
 * Throws AlreadyRunning while another stack has the folder; on any failure what was started is stopped again.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.folder ?? join(options.root, '.local'))
  const print = options.print ?? (() => {})
  if (options.host === 'func') requireCoreTools(options.root)
  const file = await ownFolder(folder, print)
  if (options.fresh === true) clearFolder(folder)
  const parts = createParts(folder, file)
  const stop = async () => {
    await parts.stop()
    removeStackFile(folder)
  }
  try {
    const started = await startParts({ ...options, folder, print }, parts, file)
    return { ...started, folder, root: options.root, failed: parts.failed, ...pick(parts), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const pick = ({ assertRunning }: Parts) => ({ assertRunning })

async function startParts(
  options: StackOptions & { folder: string; print(line: string): void },
  parts: Parts,
  file: StackFile,
): Promise<Pick<Stack, 'urls' | 'connectionString' | 'emulator' | 'customers' | 'storage'>> {
  const { root, folder, print } = options
  const wishes = { ...(options.empty === true && readLastPorts(folder)), ...options.ports }
  const place = { root, folder, parts, print, ports: await choosePorts(wishes, { print }) }
  print('starting storage (Azurite)')
  const { connectionString, blobUrl } = await startStorage(place)
  print('starting the emulator of ML Studio (classic) web services')
  const emulator = await startEmulator(place, connectionString, options.patchDelaySeconds)
  if ((await ensureBundle(root)) === 'built') print('built the app: dist/main.js')
  const storage = await openAppStorage(connectionString)
  const secretsFile = join(folder, 'secrets.json')
  if (options.empty === true) setUpServices(emulator, { secretsFile, fleetFile: join(folder, 'fleet.yaml') })
  const customers =
    options.empty === true
      ? []
      : await setUpCustomers({ root, emulator, tables: storage.tables, secretsFile })
  print(options.host === 'func' ? 'starting the Functions host (func)' : 'starting the Functions host')
  const functions = await startFunctions(
    place,
    { ...hostSettings(connectionString, secretsFile), ...options.settings },
    options.host ?? 'local',
  )
  writeLastPorts(folder, place.ports)
  const urls = { functions, emulator: emulator.url, storage: blobUrl.replace(/\/$/, '') }
  // Core Tools ask for no keys.
  const functionsKey = options.host === 'func' ? undefined : await readHostKey(root, connectionString)
  Object.assign(file, { urls, connectionString, functionsKey })
  writeStackFile(folder, file)
  return { urls, connectionString, emulator, customers, storage }
}

/** Deletes everything in the data folder but the mark of who owns it. */
function clearFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== 'stack.json') rmSync(join(folder, name), { recursive: true, force: true })
  }
}
