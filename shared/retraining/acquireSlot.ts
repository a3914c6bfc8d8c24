import { type GrantSlotsPorts, grantSlot, grantSlots } from './grantSlots.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import { isTroubled, startMode } from './serviceHealth.ts'
import type { TrainingServiceSettings } from './settings.ts'
import { freePlace, isSameRun, nextInLine, type Place, readyAtMs, type Slot, type Waiting } from './slots.ts'
import type { Stored } from './stores.ts'

/** A run that holds its slot; `isWary` when its service failed lately. */
export type Holder = { run: Run; isWary: boolean }

/**
 * Sees to it that a queued run holds a slot before it submits its job: answers the run as it is written with it. Undefined
 * when it has to wait: then it stands in line, and whoever frees a slot, or tries out a paused service, sends its start.
 */
export async function acquireSlot(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  known: Stored<Run>,
): Promise<Holder | undefined> {
  const run = known.value
  const { slots, health } = await ports.readSlots(service.name)
  const mode = startMode(health?.value, ports.now())
  const isWary = isTroubled(health?.value)
  if (slots.some(({ token }) => token === run.slot)) return { run, isWary }
  const waiting: Waiting = { ...ids(run), readyAtMs: readyAtMs(run) }
  const line = await ports.listWaiting(service.name, undefined)
  const place =
    mode === 'open' && line.next === undefined
      ? ownPlace(ports, service, waiting, { slots, line: line.items })
      : undefined
  if (place !== undefined) {
    const granted = await grantSlot(ports, service, {
      waiting,
      place,
      slots,
      resumedAtMs: health?.value.resumedAtMs,
      known,
    })
    if (granted === 'stale') return undefined
    if (granted !== 'conflict') {
      if (line.items.some((one) => isSameRun(one, run))) await ports.removeWaiting(service.name, waiting)
      return { run: granted, isWary }
    }
  }
  await ports.addWaiting(service.name, waiting)
  await grantSlots(ports, service)
  return undefined
}

/** A place for this run, unless one that became ready before it could have it. */
function ownPlace(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  waiting: Waiting,
  found: { slots: readonly Slot[]; line: readonly Waiting[] },
): Place | undefined {
  const before = found.line.filter((one) => one.readyAtMs <= waiting.readyAtMs && !isSameRun(one, waiting))
  if (nextInLine(before, found.slots, service, 0) !== undefined) return undefined
  return freePlace(found.slots, service, waiting.customerId, ports.random())
}
