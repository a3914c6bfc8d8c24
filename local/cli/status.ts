import type { UnclaimedDrop } from '../../shared/adapters/unclaimedTable.ts'
import type { ModelKey } from '../../shared/retraining/names.ts'
import type { Run } from '../../shared/retraining/run.ts'
import { type AppRows, isBusy, type Observation, observe } from '../round/observe.ts'
import type { AppStorage } from '../setup/appStorage.ts'
import { shortReason } from '../view/reason.ts'
import type { Command } from './parseCommand.ts'
import { UsageError } from './usage.ts'

/** More than this are not shown. */
const mostUnclaimed = 100

type Status = Extract<Command, { kind: 'status' }>

/** One model's status as `--json` prints it; instants are ISO text. */
export type ModelStatus = {
  customer: string
  model: string
  liveGeneration: number | null
  isBusy: boolean
  run: {
    generation: number
    state: string
    jobId: string | null
    updatedAt: string
    reason: string | null
  } | null
}

/** Where every model (of one customer, if named) stands, then the drops that belong to nobody known: the lines to print. */
export async function status(
  storage: Pick<AppStorage, 'tables' | 'readUnclaimed'> & { rows: AppRows },
  command: Status,
): Promise<string[]> {
  const models = (await listAll(storage.tables)).filter(
    (key) => command.customerId === undefined || key.customerId === command.customerId,
  )
  const unclaimed = (await storage.readUnclaimed({ size: mostUnclaimed })).drops.filter(
    (drop) => command.customerId === undefined || drop.name.startsWith(`${command.customerId}/`),
  )
  if (models.length + unclaimed.length === 0 && command.customerId !== undefined) {
    throw new UsageError(`Cannot show customer ${command.customerId}: there is none of that name`)
  }
  const ports = { rows: storage.rows, jobShare: async () => undefined }
  const seen: Observation[] = []
  for (const key of models) seen.push(await observe(ports, key))
  return command.isJson
    ? [...seen.map(toStatus), ...unclaimed.map(toUnclaimed)].map((one) => JSON.stringify(one))
    : [...seen.flatMap(toLines), ...unclaimed.map(unclaimedLine)]
}

/** The line of a drop that belongs to nobody known; a name of other hands can't control the terminal. Pure. */
export function unclaimedLine({ name, reason }: UnclaimedDrop): string {
  return `unclaimed: training-data/${name}: ${reason}`.replaceAll(/\p{Cc}/gu, '?')
}

function toUnclaimed({ name, reason, seenAtMs }: UnclaimedDrop) {
  return { unclaimed: `training-data/${name}`, reason, seenAt: new Date(seenAtMs).toISOString() }
}

async function listAll(tables: AppStorage['tables']): Promise<ModelKey[]> {
  const models: ModelKey[] = []
  let next: string | undefined
  do {
    const page = await tables.listModels(next)
    models.push(...page.items)
    next = page.next
  } while (next !== undefined)
  return models
}

/** The public form of an observation. Pure. */
export function toStatus(seen: Observation): ModelStatus {
  return {
    customer: seen.customerId,
    model: seen.model,
    liveGeneration: seen.head.live ?? null,
    isBusy: isBusy(seen),
    run: seen.run === undefined ? null : toRun(seen.run),
  }
}

function toRun(run: Run): NonNullable<ModelStatus['run']> {
  const { generation, state, jobId = null, reason = null } = run
  return { generation, state, jobId, updatedAt: new Date(run.updatedAtMs).toISOString(), reason }
}

function toLines(seen: Observation): string[] {
  const { customer, model, liveGeneration, run } = toStatus(seen)
  const live = liveGeneration === null ? 'no model of its own yet' : `generation ${liveGeneration} live`
  const newest = run === null ? 'no run' : `run ${run.generation} ${run.state} since ${run.updatedAt}`
  const line = `${customer.padEnd(14)} ${model.padEnd(14)} ${live}, ${newest}${seen.hasPending ? ', drops wait' : ''}`
  return run?.reason == null ? [line] : [line, `  ${shortReason(run.reason)}`]
}
