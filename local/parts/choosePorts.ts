import { choosePort } from '../process/ports.ts'

/** The stack's ports. */
export type StackPorts = { functions: number; emulator: number; blob: number; queue: number; table: number }

/** Where each part listens unless it is told otherwise; the Functions host and Azurite where everybody looks for them. */
export const usualPorts: StackPorts = {
  functions: 7071,
  emulator: 8050,
  blob: 10000,
  queue: 10001,
  table: 10002,
}

/** The flag that chooses each part's port. */
const flags: Record<keyof StackPorts, string> = {
  functions: '--port',
  emulator: '--emulator-port',
  blob: '--storage-port',
  queue: '--storage-port',
  table: '--storage-port',
}

/** Chooses a port for every part; says which are taken by somebody else, and what is taken instead. */
export async function choosePorts(
  wishes: Partial<StackPorts>,
  print: (line: string) => void,
  isFree?: (port: number) => Promise<boolean>,
): Promise<StackPorts> {
  const chosen = { ...usualPorts, ...wishes }
  const given: number[] = []
  for (const name of Object.keys(usualPorts) as (keyof StackPorts)[]) {
    const { port, taken } = await choosePort(chosen[name], given, isFree)
    if (taken !== undefined) {
      print(`port ${taken} (${name}) is taken: using ${port} (choose one with ${flags[name]} N)`)
    }
    chosen[name] = port
    given.push(port)
  }
  return chosen
}
