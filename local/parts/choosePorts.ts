import { choosePort, isPortFree } from '../process/ports.ts'

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

/** What choosing ports needs: where to say that one is taken, and how to tell. */
export type ChoosePorts = { print(line: string): void; isFree?(port: number): Promise<boolean> }

/** Chooses a port for every part; says which are taken by somebody else, and what is taken instead. */
export async function choosePorts(
  wishes: Partial<StackPorts>,
  { print, isFree }: ChoosePorts,
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

const mostTries = 3

/** What Azurite, the emulator and the Functions host say of a port that is not theirs. */
const saysTaken = /EADDRINUSE|port \d+ is in use|port \d+: it is taken/

/**
 * Starts a part on its ports. When it fails because somebody else has one by now (they were free when they were chosen),
 * another is chosen for it and the part is started again, three times at most. An outgoing connection may have had the port
 * for a moment: then it is tried again as it is.
 */
export async function startOnPorts<Started>(
  place: { ports: StackPorts; print(line: string): void },
  names: readonly (keyof StackPorts)[],
  start: () => Promise<Started>,
): Promise<Started> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start()
    } catch (error) {
      const taken: (keyof StackPorts)[] = []
      for (const name of names) if (!(await isPortFree(place.ports[name]))) taken.push(name)
      if (tries === mostTries || (taken.length === 0 && !saysTaken.test(String(error)))) throw error
      for (const name of taken) {
        const { port } = await choosePort(0, Object.values(place.ports))
        place.print(`port ${place.ports[name]} (${name}) was taken meanwhile: using ${port}`)
        place.ports[name] = port
      }
    }
  }
}
