import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startAzurite } from '../azurite.ts'
import { startChild } from '../process/child.ts'
import type { EmulatorReady } from '../setup/emulatorApi.ts'
import { type StackPorts, startOnPorts } from './choosePorts.ts'
import { type CoreToolsOptions, startCoreTools } from './coreTools.ts'
import type { Parts } from './parts.ts'

/** Where the parts belong: the project, its data folder, the ports (which change when one is taken meanwhile). */
export type Place = {
  root: string
  folder: string
  ports: StackPorts
  parts: Parts
  print(line: string): void
}

/** How long the emulator keeps answering with the old model after a PATCH, in seconds (the real service: about 30). */
const usualPatchDelaySeconds = 3
const readyMs = 60_000

/** Starts Azurite over `.local/azurite`; answers its connection string and blob URL. */
export async function startStorage(place: Place): Promise<{ connectionString: string; blobUrl: string }> {
  const folder = join(place.folder, 'azurite')
  mkdirSync(folder, { recursive: true })
  const onSpawn = (child: ChildProcess) => place.parts.add('storage', child, folder)
  const { connectionString, blobUrl } = await startOnPorts(place, ['blob', 'queue', 'table'], () => {
    const { blob: blobPort, queue: queuePort, table: tablePort } = place.ports
    return startAzurite({ folder, blobPort, queuePort, tablePort, onSpawn })
  })
  place.parts.watch('storage')
  return { connectionString, blobUrl }
}

/** Starts the emulator over `.local/emulator`; answers its ready line. */
export async function startEmulator(
  place: Place,
  connectionString: string,
  patchDelaySeconds = usualPatchDelaySeconds,
): Promise<EmulatorReady> {
  const folder = join(place.folder, 'emulator')
  const { ready } = await startOnPorts(place, ['emulator'], () =>
    startChild({
      name: 'the emulator',
      file: join(place.root, 'emulator', 'main.ts'),
      args: [
        ...['--port', String(place.ports.emulator), '--data', folder, '--storage', connectionString],
        ...['--admin', '--patch-delay', String(patchDelaySeconds), '--json'],
      ],
      logFile: logFile(place, 'emulator'),
      readyMs,
      onSpawn: (child) => place.parts.add('emulator', child, folder),
    }),
  )
  place.parts.watch('emulator')
  return ready as EmulatorReady
}

/** Starts the Functions host over the built bundle: the built-in one, or Core Tools where asked. Answers its URL. */
export async function startFunctions(
  place: Place,
  env: Readonly<Record<string, string>>,
  host: 'local' | 'func',
): Promise<string> {
  const { root, parts } = place
  const shared = {
    env,
    logFile: logFile(place, 'functions'),
    onSpawn: (child: ChildProcess) => parts.add('functions', child, root),
  }
  const start = host === 'func' ? startCoreTools : startBuiltIn
  const { url } = await startOnPorts(place, ['functions'], () =>
    start({ ...shared, root, port: place.ports.functions }),
  )
  parts.watch('functions')
  return url
}

async function startBuiltIn({ root, port, ...options }: CoreToolsOptions): Promise<{ url: string }> {
  const { ready } = await startChild({
    ...options,
    name: 'the Functions host',
    file: join(root, 'local', 'host', 'main.ts'),
    args: ['--root', root, '--port', String(port), '--json', '--auth'],
    readyMs,
  })
  return ready as { url: string }
}

function logFile(place: Place, name: string): string {
  const folder = join(place.folder, 'logs')
  mkdirSync(folder, { recursive: true })
  return join(folder, `${name}.log`)
}
