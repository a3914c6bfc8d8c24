import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Drop } from '../../shared/retraining/drop.ts'
import { isEnded, type Run } from '../../shared/retraining/run.ts'
import type { BurstRig } from './rig.ts'

/** What a burst came to. Times in seconds, sizes in counts. */
export type BurstResult = {
  drops: number
  recorded: number
  inGenerations: number
  generations: number
  jobs: number
  live: number
  failed: number
  pending: number
  dropsPerGeneration: { least: number; median: number; most: number }
  intakeSeconds: { median: number; p99: number; most: number }
  startDelaySeconds: { median: number; p99: number; most: number }
  operations: Record<string, number>
  operationsPerRun: number
  operationsPerDrop: number
  /** Worker processes that were started: more than one says that one ended. */
  workers: number
}

const model = 'purchases'

/** How many customers still have something under way: waiting drops, or a generation in flight. */
export async function countBusy(rig: BurstRig): Promise<number> {
  let busy = 0
  for (const customerId of rig.customers) {
    const key = { customerId, model }
    const head = (await rig.ports.readHead(key))?.value
    if (head?.inFlight !== undefined || (await rig.ports.hasPending(key))) busy++
  }
  return busy
}

/** Reads every row and counts. `uploadedAtMs` says when each blob was there, by name. */
export async function measure(
  rig: BurstRig,
  uploadedAtMs: ReadonlyMap<string, number>,
): Promise<BurstResult> {
  const drops: Drop[] = []
  const runs: Run[] = []
  for (const customerId of rig.customers) {
    const key = { customerId, model }
    drops.push(...(await readDrops(rig, key)))
    runs.push(...(await rig.ports.readRuns(key, 500)))
  }
  const taken = drops.filter(({ generation }) => generation !== undefined)
  const perGeneration = runs.map(
    (run) =>
      taken.filter((drop) => drop.generation === run.generation && drop.name.startsWith(`${run.customerId}/`))
        .length,
  )
  const started = runs.filter(({ jobStartedAtMs }) => jobStartedAtMs !== undefined)
  const operations = readCounts(rig)
  const total = Object.values(operations).reduce((sum, count) => sum + count, 0)
  return {
    drops: uploadedAtMs.size,
    recorded: drops.length,
    inGenerations: taken.length,
    generations: runs.length,
    jobs: started.reduce((sum, run) => sum + run.attempt, 0),
    live: runs.filter((run) => run.liveAtMs !== undefined).length,
    failed: runs.filter((run) => run.state === 'failed').length,
    pending:
      drops.filter(({ state }) => state === 'pending').length +
      runs.filter((run) => !isEnded(run.state)).length,
    dropsPerGeneration: spread(perGeneration),
    intakeSeconds: latencies(
      drops.map((drop) => drop.acceptedAtMs - (uploadedAtMs.get(drop.name) ?? drop.acceptedAtMs)),
    ),
    startDelaySeconds: latencies(started.map((run) => (run.jobStartedAtMs ?? 0) - run.openedAtMs)),
    operations,
    operationsPerRun: round(total / Math.max(1, runs.length)),
    operationsPerDrop: round(total / Math.max(1, uploadedAtMs.size)),
    workers: readdirSync(join(rig.folder, 'counts')).length,
  }
}

/** Every drop of a customer. */
export async function readDrops(rig: BurstRig, key: { customerId: string; model: string }): Promise<Drop[]> {
  const drops: Drop[] = []
  let next: string | undefined
  do {
    const page = await rig.ports.readDrops(key, next === undefined ? { size: 500 } : { size: 500, next })
    drops.push(...page.drops)
    next = page.next
  } while (next !== undefined)
  return drops
}

/** The worker's storage requests by service, method and place. */
function readCounts({ folder, connectionString }: BurstRig): Record<string, number> {
  const services = new Map(
    ['Blob', 'Queue', 'Table'].map((service) => [
      new RegExp(`${service}Endpoint=http://[^:]+:(\\d+)`).exec(connectionString)?.[1],
      service.toLowerCase(),
    ]),
  )
  const total: Record<string, number> = {}
  for (const file of readdirSync(join(folder, 'counts'))) {
    const counts = JSON.parse(readFileSync(join(folder, 'counts', file), 'utf8')) as Record<string, number>
    for (const [key, count] of Object.entries(counts)) {
      const [port = '', ...rest] = key.split(' ')
      const service = services.get(port)
      if (service === undefined) continue
      const name = [service, ...rest].join(' ')
      total[name] = (total[name] ?? 0) + count
    }
  }
  return Object.fromEntries(Object.entries(total).sort(([, one], [, other]) => other - one))
}

function spread(values: readonly number[]): { least: number; median: number; most: number } {
  const sorted = values.toSorted((one, other) => one - other)
  return { least: sorted[0] ?? 0, median: at(sorted, 0.5), most: sorted.at(-1) ?? 0 }
}

function latencies(valuesMs: readonly number[]): { median: number; p99: number; most: number } {
  const sorted = valuesMs.toSorted((one, other) => one - other).map((value) => round(value / 1000))
  return { median: at(sorted, 0.5), p99: at(sorted, 0.99), most: sorted.at(-1) ?? 0 }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
