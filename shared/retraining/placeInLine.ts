import type { ModelKey, RunKey } from './names.ts'
import { isSameRun, type Waiting } from './slots.ts'
import type { SlotStore } from './stores.ts'

/** Reads the line of a training service, each once. */
export type LineReader = (service: string) => Promise<readonly Waiting[]>

/** Longer lines are read up to here, in pages of 100. */
const mostPages = 20

/** Reads lines as they are asked for and remembers them: for one request. */
export function createLineReader(ports: Pick<SlotStore, 'listWaiting'>): LineReader {
  const known = new Map<string, Promise<readonly Waiting[]>>()
  return (service) => {
    const line = known.get(service) ?? readLine(ports, service)
    known.set(service, line)
    return line
  }
}

async function readLine(ports: Pick<SlotStore, 'listWaiting'>, service: string): Promise<Waiting[]> {
  const line: Waiting[] = []
  let next: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const { items, next: after } = await ports.listWaiting(service, next)
    line.push(...items)
    next = after
    if (next === undefined) break
  }
  return line
}

/** A run's place in line, 1 for the first; undefined when it is not among those read. Pure. */
export function placeOf(line: readonly Waiting[], run: RunKey): number | undefined {
  const others = line.filter((one, index) => line.findIndex((first) => isSameModel(first, one)) === index)
  const at = others.findIndex((one) => isSameRun(one, run))
  return at === -1 ? undefined : at + 1
}

/** A model has one run in line at most: an older row is a hint that has not been cleared. */
function isSameModel(one: ModelKey, other: ModelKey): boolean {
  return one.customerId === other.customerId && one.model === other.model
}
