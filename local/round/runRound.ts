import type { ServedEndpoint } from '../setup/emulatorApi.ts'
import { sample } from '../setup/sample.ts'
import { shortReason } from '../view/reason.ts'
import type { TableRow } from '../view/table.ts'
import { type Followed, type FollowPorts, follow } from './follow.ts'
import type { Quality } from './metrics.ts'
import { isBusy, observe } from './observe.ts'
import { concludeRound } from './results.ts'
import { type CustomerRound, type RoundFile, readRound, writeRound } from './roundFile.ts'

/** A sample customer with their endpoint. */
export type RoundCustomer = { customerId: string; endpoint: ServedEndpoint }

/** What a round needs. */
export type RoundPorts = FollowPorts & {
  /** The data folder, where the round's own state is kept. */
  folder: string
  customers: readonly RoundCustomer[]
  /** Uploads a file of a customer's sample to `training-data`; one that is there already stays. */
  drop(customerId: string, name: string, part: 'first' | 'next'): Promise<void>
  /** Rows of a training input in `training-sets`. */
  countInputRows(name: string): Promise<number>
  /** How well a customer's endpoint scores their held-out rows. */
  measure(customer: RoundCustomer): Promise<Quality>
  /** Where an endpoint says its model was loaded from. */
  modelLocation(endpoint: ServedEndpoint): Promise<string | undefined>
  print(line: string): void
  /** The lines shown so far stay. */
  settle(): void
}

/** The main job before the user's eyes: a first model for each customer, then new data for all, then how the endpoints changed. */
export async function runRound(ports: RoundPorts): Promise<TableRow[]> {
  await installFirstModels(ports)
  const round = readRound(ports.folder)
  const customers = await measureBefore(ports, round)
  const isRepeated = customers.every(({ before }) => before.generation > 1)
  ports.print(
    isRepeated
      ? 'The same training data of every customer once more, under a new name: a new generation of the same quality:'
      : 'New training data of every customer:',
  )
  await Promise.all(customers.map(({ customerId, drop }) => ports.drop(customerId, drop.name, 'next')))
  const followed = customers.map((customer) => ({
    ...keyOf(customer.customerId),
    above: customer.before.generation,
    sinceMs: customer.drop.atMs,
  }))
  const seen = await follow(ports, followed)
  ports.settle()
  const finished = customers.flatMap((customer, i) => {
    const observation = seen[i]
    return observation === undefined ? [] : [{ ...customer, observation }]
  })
  const rows = await concludeRound(ports, finished)
  writeRound(ports.folder, { version: 1, isOver: true, customers: {} })
  return rows
}

const keyOf = (customerId: string) => ({ customerId, model: sample.model })

/** Generation 1 takes the same way as every other: the first drop of each customer who has no live model yet. */
async function installFirstModels(ports: RoundPorts): Promise<void> {
  const followed: Followed[] = []
  for (const { customerId } of ports.customers) {
    const seen = await observe(ports, keyOf(customerId))
    if (seen.head.live !== undefined) continue
    const sinceMs = ports.now()
    if (!isBusy(seen)) {
      const name = seen.head.lastGeneration === 0 ? 'first.csv' : `first-${stamp(sinceMs)}.csv`
      await ports.drop(customerId, name, 'first')
    }
    const above = isBusy(seen) ? seen.head.lastGeneration - 1 : seen.head.lastGeneration
    followed.push({ ...keyOf(customerId), above, sinceMs })
  }
  if (followed.length === 0) return
  ports.print('First model of each customer, trained on the earliest records:')
  const ended = await follow(ports, followed)
  ports.settle()
  const failed = ended.find((one) => one.head.live === undefined)
  if (failed === undefined) return
  throw new Error(
    `Cannot install the first model of ${failed.customerId}: its run is ${failed.run?.state}: ${shortReason(failed.run?.reason ?? 'no reason')}`,
  )
}

/** Measures each endpoint before its drop and writes both down before anything is sent: a start after a crash reads them. */
async function measureBefore(
  ports: RoundPorts,
  round: RoundFile,
): Promise<(RoundCustomer & CustomerRound)[]> {
  const customers: (RoundCustomer & CustomerRound)[] = []
  for (const customer of ports.customers) {
    const { customerId } = customer
    const known = round.customers[customerId]
    if (known !== undefined) {
      customers.push({ ...customer, ...known })
      continue
    }
    await settle(ports, customerId)
    const quality = await ports.measure(customer)
    const generation = (await ports.rows.readHead(keyOf(customerId)))?.value.live ?? 0
    customers.push({ ...customer, before: { generation, quality }, drop: { name: '', atMs: 0 } })
  }
  const atMs = ports.now()
  for (const customer of customers) {
    if (customer.drop.name === '') customer.drop = { name: `next-${stamp(atMs)}.csv`, atMs }
  }
  const state = customers.map(({ customerId, before, drop }) => [customerId, { before, drop }])
  writeRound(ports.folder, { version: 1, isOver: false, customers: Object.fromEntries(state) })
  return customers
}

/** Waits for what an earlier start left under way, and shows it: the endpoint is measured after that. */
async function settle(ports: RoundPorts, customerId: string): Promise<void> {
  const seen = await observe(ports, keyOf(customerId))
  if (!isBusy(seen)) return
  ports.print(`Still under way at ${customerId} from before:`)
  const above = Math.min(seen.head.live ?? 0, seen.head.lastGeneration) - 1
  await follow(ports, [{ ...keyOf(customerId), above, sinceMs: ports.now() }])
  ports.settle()
}

/** `20261121T104500`: a name of its own for each round's drop, as the same name with the same content is no new drop. */
function stamp(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
}
