import { concurrently } from './concurrently.ts'
import type { ModelKey } from './names.ts'
import type { Run } from './run.ts'
import type { RunStore } from './stores.ts'

/** What planning a rollback of many models needs. */
export type PlanFleetRollbackPorts = Pick<RunStore, 'readHead' | 'readRun'> & {
  listModels(next: string | undefined): Promise<{ items: ModelKey[]; next?: string | undefined }>
}

/** Which live models are to go: trained in this time (epoch ms), by this training service, of these customers. */
export type FleetQuery = {
  trainedFromMs?: number | undefined
  trainedBeforeMs?: number | undefined
  trainingService?: string | undefined
  hasCustomer(customerId: string): boolean
}

/** One model of the plan: `to` is the newest earlier generation that was live and that the query does not name. */
export type PlannedRollback = ModelKey & {
  from: number
  trainedAtMs?: number | undefined
  trainingService: string
  to?: number | undefined
  skipped?: string | undefined
}

const atOnce = 8
const mostLookedAt = 100

/** Plans a page of models; changes nothing. Models whose live generation the query does not name are left out. */
export async function planFleetRollback(
  ports: PlanFleetRollbackPorts,
  query: FleetQuery,
  next: string | undefined,
): Promise<{ items: PlannedRollback[]; next?: string | undefined }> {
  const page = await ports.listModels(next)
  const keys = page.items.filter(({ customerId }) => query.hasCustomer(customerId))
  const planned = await concurrently(keys, atOnce, ({ customerId, model }) =>
    planOne(ports, query, { customerId, model }),
  )
  return { items: planned.filter((item) => item !== undefined), next: page.next }
}

async function planOne(
  ports: PlanFleetRollbackPorts,
  query: FleetQuery,
  key: ModelKey,
): Promise<PlannedRollback | undefined> {
  const head = (await ports.readHead(key))?.value
  if (head?.live === undefined) return undefined
  const live = (await ports.readRun({ ...key, generation: head.live }))?.value
  if (live === undefined || !isNamed(live, query)) return undefined
  const { trainedAtMs, trainingService } = live
  const item = { ...key, from: head.live, trainedAtMs, trainingService }
  if (head.pin !== undefined && head.pin.generation !== head.live) {
    return { ...item, skipped: `a rollback to generation ${head.pin.generation} is under way` }
  }
  const to = await goodBefore(ports, query, { ...key, generation: head.live })
  return to === undefined
    ? { ...item, skipped: 'no earlier generation was live, or all of them are meant too' }
    : { ...item, to }
}

/** Whether the query names this run. Pure. */
export function isNamed(run: Run, { trainedFromMs, trainedBeforeMs, trainingService }: FleetQuery): boolean {
  const atMs = run.trainedAtMs ?? run.openedAtMs
  if (trainedFromMs !== undefined && atMs < trainedFromMs) return false
  if (trainedBeforeMs !== undefined && atMs >= trainedBeforeMs) return false
  return trainingService === undefined || run.trainingService === trainingService
}

async function goodBefore(
  ports: PlanFleetRollbackPorts,
  query: FleetQuery,
  { generation, ...key }: ModelKey & { generation: number },
): Promise<number | undefined> {
  for (let at = generation - 1; at > Math.max(0, generation - mostLookedAt); at--) {
    const run = (await ports.readRun({ ...key, generation: at }))?.value
    if (run?.liveAtMs !== undefined && run.archive !== undefined && !isNamed(run, query)) return at
  }
  return undefined
}
