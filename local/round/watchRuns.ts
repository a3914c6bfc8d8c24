import type { ModelKey } from '../../shared/retraining/names.ts'
import { isEnded } from '../../shared/retraining/run.ts'
import { isBusy, type Observation, observe, toLine } from './observe.ts'
import type { RoundPorts } from './runRound.ts'

/** Lists every customer's models, a page at a time. */
export type ListModels = {
  listModels(next: string | undefined): Promise<{ items: ModelKey[]; next?: string }>
}

/** More models than a terminal has lines for are not shown. */
const mostModels = 200

type Watched = { generation: number; busySinceMs?: number }

/** Shows every further retraining of every customer as it happens, until `signal`. */
export async function watchRuns(
  ports: RoundPorts,
  customers: ListModels,
  signal: AbortSignal,
): Promise<void> {
  const watched = new Map<string, Watched>()
  while (!signal.aborted) {
    const models = (await customers.listModels(undefined)).items.slice(0, mostModels)
    const seen = await Promise.all(models.map((model) => observe(ports, model)))
    const active = seen.filter((one) => isActive(watched, one, ports.now()))
    const lines = active.map((one) => toLine(one, sinceMs(watched, one), ports.now()))
    ports.show(lines)
    if (active.length > 0 && active.every((one) => !isBusy(one))) {
      ports.settle()
      for (const one of active) watched.set(nameOf(one), { generation: one.head.lastGeneration })
    }
    await ports.nextLook()
  }
}

const nameOf = ({ customerId, model }: ModelKey) => `${customerId}/${model}`
const sinceMs = (watched: Map<string, Watched>, one: Observation) =>
  one.run?.openedAtMs ?? watched.get(nameOf(one))?.busySinceMs ?? 0

/** Whether a model's line is shown: something is under way, or just ended and was not told yet. */
function isActive(watched: Map<string, Watched>, one: Observation, nowMs: number): boolean {
  const known = watched.get(nameOf(one))
  if (known === undefined) {
    watched.set(nameOf(one), {
      generation: isBusy(one) ? one.head.lastGeneration - 1 : one.head.lastGeneration,
    })
    return isBusy(one)
  }
  if (isBusy(one)) {
    known.busySinceMs ??= nowMs
    return true
  }
  return one.head.lastGeneration > known.generation && one.run !== undefined && isEnded(one.run.state)
}
