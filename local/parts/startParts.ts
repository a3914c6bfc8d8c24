import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startAzurite } from '../azurite.ts'
import { startChild } from '../process/child.ts'
import type { EmulatorReady } from '../setup/emulatorApi.ts'
import type { StackPorts } from './choosePorts.ts'
import { startCoreTools } from './coreTools.ts'
import type { Parts } from './parts.ts'

/** Where the parts belong: the project, its data folder, the ports. */
export type Place = { root: string; folder: string; ports: StackPorts; parts: Parts }

/** How long the emulator keeps answering with the old model after a PATCH, in seconds (the real service: about 30). */
const patchDelaySeconds = 3
const readyMs = 60_000

/** Starts Azurite over `.local/azurite`; answers its connection string and blob URL. */
export async function startStorage(place: Place): Promise<{ connectionString: string; blobUrl: string }> {
  const folder = join(place.folder, 'azurite')
  mkdirSync(folder, { recursive: true })
  const { connectionString, blobUrl } = await startAzurite({
    folder,
    blobPort: place.ports.blob,
    queuePort: place.ports.queue,
    tablePort: place.ports.table,
    onSpawn: (child) => place.parts.add('storage', child, folder),
  })
  return { connectionString, blobUrl }
}

/** Starts the emulator over `.local/emulator`; answers its ready line. */
export async function startEmulator(place: Place, connectionString: string): Promise<EmulatorReady> {
  const folder = join(place.folder, 'emulator')
  const { ready } = await startChild({
    name: 'the emulator',
    file: join(place.root, 'emulator', 'main.ts'),
    args: [
      ...['--port', String(place.ports.emulator), '--data', folder, '--storage', connectionString],
      ...['--admin', '--patch-delay', String(patchDelaySeconds), '--json'],
    ],
    logFile: logFile(place, 'emulator'),
    readyMs,
    onSpawn: (child) => place.parts.add('emulator', child, folder),
  })
  return ready as EmulatorReady
}

/** Starts the Functions host over the built bundle: the built-in one, or Core Tools where asked. Answers its URL. */
export async function startFunctions(
  place: Place,
  env: Readonly<Record<string, string>>,
  host: 'local' | 'func',
): Promise<string> {
  const shared = {
    env,
    logFile: logFile(place, 'functions'),
    onSpawn: (child: Parameters<Parts['add']>[1]) => place.parts.add('functions', child, place.root),
  }
  if (host === 'func') {
    const { url } = await startCoreTools({ ...shared, root: place.root, port: place.ports.functions })
    return url
  }
  const { ready } = await startChild({
    ...shared,
    name: 'the Functions host',
    file: join(place.root, 'local', 'host', 'main.ts'),
    args: ['--root', place.root, '--port', String(place.ports.functions), '--json'],
    readyMs,
  })
  return (ready as { url: string }).url
}

function logFile(place: Place, name: string): string {
  const folder = join(place.folder, 'logs')
  mkdirSync(folder, { recursive: true })
  return join(folder, `${name}.log`)
}
