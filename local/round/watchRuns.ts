import type { UnclaimedDrop } from '../../shared/adapters/unclaimedTable.ts'
import type { ModelKey } from '../../shared/retraining/names.ts'
import { isEnded } from '../../shared/retraining/run.ts'
import { unclaimedLine } from '../view/unclaimed.ts'
import { isBusy, type Observation, observe, toLine } from './observe.ts'
import type { RoundPorts } from './runRound.ts'

/** What watching needs: a round's view of the rows, every customer's models, and the drops that belong to nobody known. */
export type WatchPorts = Pick<
  RoundPorts,
  'rows' | 'jobShare' | 'now' | 'nextLook' | 'show' | 'print' | 'settle'
> & {
  listModels(next: string | undefined): Promise<{ items: ModelKey[]; next?: string }>
  readUnclaimed(page: { size: number }): Promise<{ drops: UnclaimedDrop[] }>
}

/** More than these are not shown: a terminal has no lines for them. */
const mostModels = 200
const mostUnclaimed = 100

/** What was told of each model, by name; `undefined` generation before the first look. */
type Told = { generations: Map<string, number>; unclaimed: Set<string> }

/** Shows every further retraining of every customer, and every unclaimed drop, as it happens, until `signal`. */
export async function watchRuns(ports: WatchPorts, signal: AbortSignal): Promise<void> {
  const told: Told = { generations: new Map(), unclaimed: new Set() }
  while (!signal.aborted) {
    const models = (await ports.listModels(undefined)).items.slice(0, mostModels)
    const seen = await Promise.all(models.map((model) => observe(ports, model)))
    const active = seen.filter((one) => isActive(told, one))
    if (active.length > 0) {
      ports.show(active.map((one) => toLine(one, sinceMs(one, ports.now()), ports.now())))
    }
    if (active.length > 0 && !active.some(isBusy)) {
      ports.settle()
      for (const one of active) told.generations.set(nameOf(one), one.head.lastGeneration)
    }
    await tellUnclaimed(ports, told)
    await ports.nextLook(active.length > 0)
  }
}

/** When the run that is shown was opened; drops that wait have none yet, so that the run before is not shown for theirs. */
function sinceMs({ head, hasPending, run }: Observation, nowMs: number): number {
  const isWaiting = hasPending && head.inFlight === undefined
  return isWaiting ? nowMs : (run?.openedAtMs ?? nowMs)
}

const nameOf = ({ customerId, model }: ModelKey) => `${customerId}/${model}`

/** Whether a model's line is shown: something is under way, or has ended and was not told yet. */
function isActive(told: Told, one: Observation): boolean {
  const known = told.generations.get(nameOf(one))
  if (known === undefined) {
    told.generations.set(nameOf(one), one.head.lastGeneration - (isBusy(one) ? 1 : 0))
  }
  if (isBusy(one)) return true
  return (
    known !== undefined && one.head.lastGeneration > known && one.run !== undefined && isEnded(one.run.state)
  )
}

async function tellUnclaimed(ports: WatchPorts, told: Told): Promise<void> {
  for (const drop of (await ports.readUnclaimed({ size: mostUnclaimed })).drops) {
    const name = `${drop.name} ${drop.etag}`
    if (!told.unclaimed.has(name)) ports.print(`  ${unclaimedLine(drop)}`)
    told.unclaimed.add(name)
  }
}
