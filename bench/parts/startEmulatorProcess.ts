import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Description } from '../../emulator/describe.ts'
import type { EmulatorOptions } from '../../emulator/options.ts'

/** An emulator to be measured. */
export type MeasuredEmulator = { description: Description; stop(): Promise<void> }

/** Starts it in a process of its own with a state of its own, and waits until it serves. */
export async function startEmulatorProcess(options: Partial<EmulatorOptions>): Promise<MeasuredEmulator> {
  const file = join(import.meta.dirname, 'emulatorProcess.ts')
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), exit.then(() => undefined)])
  if (first === undefined) throw new Error('Cannot measure: the emulator ended before it served anything')
  return {
    description: JSON.parse(first[0]),
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** An endpoint by the name of its web service. */
export function endpointOf({ workspaces }: Description, service: string) {
  const workspace = workspaces[0]
  const found = workspace?.webServices.find((candidate) => candidate.name === service)
  const endpoint = found?.endpoints[0]
  if (workspace === undefined || found === undefined || endpoint === undefined) {
    throw new Error(`Cannot measure: there is no web service "${service}"`)
  }
  return { workspace, service: found, endpoint }
}
