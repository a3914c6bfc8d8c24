import type { Run } from '../../shared/retraining/run.ts'
import { sample } from '../setup/sample.ts'
import type { TableRow } from '../view/table.ts'
import type { Quality } from './metrics.ts'
import type { Observation } from './observe.ts'
import type { CustomerRound } from './roundFile.ts'
import type { RoundCustomer, RoundPorts } from './runRound.ts'

/** A customer whose main job is over, live or not. */
export type FinishedCustomer = RoundCustomer & CustomerRound & { observation: Observation }

type ResultPorts = Pick<RoundPorts, 'rows' | 'countInputRows' | 'measure' | 'modelLocation'>

/** Measures every endpoint again and says how each came out. */
export async function concludeRound(
  ports: ResultPorts,
  customers: readonly FinishedCustomer[],
): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for (const customer of customers) rows.push(await concludeCustomer(ports, customer))
  return rows
}

async function concludeCustomer(ports: ResultPorts, customer: FinishedCustomer): Promise<TableRow> {
  const { customerId, endpoint, before, observation } = customer
  const liveGeneration = observation.head.live ?? 0
  if (liveGeneration <= before.generation) {
    return toRow(customer, observation.run, undefined, observation.run?.reason)
  }
  const key = { customerId, model: sample.model, generation: liveGeneration }
  const run = (await ports.rows.readRun(key))?.value
  const location = await ports.modelLocation(endpoint)
  if (run?.archive === undefined || location?.endsWith(run.archive.model.name) !== true) {
    const problem = `the endpoint names ${location ?? 'no model'}, not the model of generation ${liveGeneration}`
    return { ...toRow(customer, run, undefined, problem), state: 'updating' }
  }
  const rows = run.input === undefined ? null : await ports.countInputRows(run.input.name)
  const after = await ports.measure({ customerId, endpoint })
  return { ...toRow(customer, run, after, undefined), rows }
}

/** A line of the table; what was not reached is null. Pure. */
function toRow(
  { customerId, before, drop }: FinishedCustomer,
  run: Run | undefined,
  after: Quality | undefined,
  reason: string | undefined,
): TableRow {
  const isLive = run?.state === 'live' && after !== undefined
  return {
    customer: customerId,
    model: sample.model,
    generation: run?.generation ?? null,
    state: run?.state ?? 'dropped',
    rows: null,
    aucBefore: rounded(before.quality.auc),
    aucAfter: rounded(after?.auc),
    accuracyBefore: rounded(before.quality.accuracy),
    accuracyAfter: rounded(after?.accuracy),
    secondsToLive: isLive && run.liveAtMs !== undefined ? (run.liveAtMs - drop.atMs) / 1000 : null,
    heldOut: before.quality.rows,
    heldOutPositives: before.quality.positives,
    ...(reason !== undefined && { reason }),
  }
}

/** Four digits: more would only look exact with so few held-out rows. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10_000) / 10_000
}
