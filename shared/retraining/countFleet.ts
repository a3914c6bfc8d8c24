import { concurrently } from './concurrently.ts'
import { isOpenLetter } from './dismissLetter.ts'
import { TerminalError } from './errors.ts'
import { emptyHead } from './head.ts'
import type { Pause, PauseStore } from './hold.ts'
import { doubtfulGeneration, type ModelState, modelStateOf, modelStates } from './modelState.ts'
import type { ModelKey } from './names.ts'
import type { ListedSettings, ModelSettingsStore } from './predictiveServices.ts'
import type { ModelSettings } from './settings.ts'
import type { Clock, ListedLetter, RunStore } from './stores.ts'

/** What telling a model's state needs. */
export type StatePorts = Pick<RunStore, 'readHead' | 'readRun'>

/** What counting needs. */
export type CountFleetPorts = Pick<ModelSettingsStore, 'listSettings'> &
  StatePorts &
  Pick<PauseStore, 'listPauses'> &
  Pick<Clock, 'now'> & {
    readUnclaimed(page: {
      size: number
      next?: string
    }): Promise<{ drops: readonly unknown[]; next?: string }>
    readDeadLetters(page: {
      size: number
      next?: string
    }): Promise<{ letters: ListedLetter[]; next?: string }>
  }

/** A count that stops at a bound: `more` when there are, or may be, others. */
export type BoundedCount = { count: number; more: boolean }

/** The fleet in numbers; `next` when the time was up before every model was counted. */
export type FleetCounts = {
  models: number
  customers: number
  states: Record<ModelState, number>
  /** Models whose rows can't be read; in no state. */
  damaged: number
  unclaimed: BoundedCount
  deadLetters: BoundedCount
  next?: string | undefined
}

const pageSize = 500
/** One point read a model, most of the time: so many at a time keep an account far below its limits. */
const readsAtOnce = 32
const mostListed = 1_000

/**
 * Counts the fleet's models by state: a walk over `customers`, a point read of each head and, where the newest run's end is in
 * doubt, one of that run. Ends at `untilMs` after a whole page and says where it stopped; the counts are of the models walked.
 */
export async function countFleet(
  ports: CountFleetPorts,
  untilMs: number,
  from?: string,
): Promise<FleetCounts> {
  const [pauses, unclaimed, deadLetters] = await Promise.all([
    ports.listPauses(),
    countUnclaimed(ports),
    countLetters(ports),
  ])
  const states = Object.fromEntries(modelStates.map((state) => [state, 0])) as Record<ModelState, number>
  const customers = new Set<string>()
  const counts = { models: 0, damaged: 0 }
  let next = from
  do {
    const page = await ports.listSettings({ size: pageSize, next })
    const found = await concurrently(page.items, readsAtOnce, (item) => stateOrDamaged(ports, item, pauses))
    for (const state of found) {
      if (state === 'damaged') counts.damaged++
      else states[state]++
    }
    counts.models += page.items.length
    for (const { customerId } of page.items) customers.add(customerId)
    next = page.next
  } while (next !== undefined && ports.now() < untilMs)
  return { ...counts, customers: customers.size, states, unclaimed, deadLetters, next }
}

async function stateOrDamaged(
  ports: StatePorts,
  item: ListedSettings,
  pauses: readonly Pause[],
): Promise<ModelState | 'damaged'> {
  if ('problem' in item) return 'damaged'
  try {
    return await readState(ports, item.settings, pauses)
  } catch (error) {
    if (error instanceof TerminalError) return 'damaged'
    throw error
  }
}

/** A model's state as it is now, in one or two point reads. `pauses` may be of all customers. */
export async function readState(
  ports: StatePorts,
  settings: ModelKey & Pick<ModelSettings, 'breakerRuns'>,
  pauses: readonly Pause[],
): Promise<ModelState> {
  const { customerId, model } = settings
  const head = (await ports.readHead({ customerId, model }))?.value ?? emptyHead
  const generation = doubtfulGeneration(head)
  const newest = generation && (await ports.readRun({ customerId, model, generation }))?.value
  return modelStateOf(head, settings, pausesOf(customerId, pauses), newest || undefined)
}

/** The pauses that hold a customer's models. Pure. */
export function pausesOf(customerId: string, pauses: readonly Pause[]): Pause[] {
  return pauses.filter((pause) => pause.customerId === undefined || pause.customerId === customerId)
}

async function countUnclaimed(ports: CountFleetPorts): Promise<BoundedCount> {
  const { drops, next } = await ports.readUnclaimed({ size: mostListed })
  return { count: drops.length, more: next !== undefined }
}

/** Letters that were sent again or put aside stay listed and don't count. */
async function countLetters(ports: CountFleetPorts): Promise<BoundedCount> {
  const { letters, next } = await ports.readDeadLetters({ size: mostListed })
  const open = letters.filter(isOpenLetter)
  return { count: open.length, more: next !== undefined }
}
