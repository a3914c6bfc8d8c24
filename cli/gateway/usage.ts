import type { GatewayStores } from '../../gateway/storage/openStores.ts'
import { readUsage, type UsageLine } from '../../gateway/usage/readUsage.ts'
import { hourLengthMs, nobody } from '../../gateway/usage/rollup.ts'
import { NotFoundError } from '../errors.ts'
import type { Output } from '../output/output.ts'

/** The usage of one subscription or all, of the last `hours`. */
export type UsageQuestion = { name?: string | undefined; hours: number; byHour?: boolean }

/** Where usage is kept, where the answer goes, and the clock in epoch milliseconds. */
export type UsagePorts = {
  stores: Pick<GatewayStores, 'subscriptions' | 'usage'>
  out: Output
  json: boolean
  now(): number
}

/** Shows what was called, by subscription and operation: one JSON object a line, or a table. */
export async function showUsage(
  { stores, out, json, now }: UsagePorts,
  { name, hours, byHour = false }: UsageQuestion,
): Promise<void> {
  if (name !== undefined && (await stores.subscriptions.read(name)) === undefined) {
    throw new NotFoundError(`Cannot show usage of subscription ${name}: there is none`)
  }
  const known = async () => (await stores.subscriptions.list()).map((each) => each.name)
  const question = {
    subscriptions: name === undefined ? [...(await known()), nobody] : [name],
    sinceMs: now() - hours * hourLengthMs,
    byHour,
  }
  const lines = await readUsage(stores.usage, question)
  if (json) for (const line of lines) out.json(withHour(line))
  else if (lines.length === 0) out.line(`no calls in the last ${hours} hours`)
  else if (byHour)
    out.table(
      ['hour', ...columns],
      lines.map((line) => [hourOf(line), ...rowOf(line)]),
    )
  else out.table(columns, lines.map(rowOf))
}

const right = (head: string) => ({ head, align: 'right' }) as const
const columns = [
  'subscription',
  'operation',
  ...['calls', 'blocked', 'failed', 'bytes in', 'bytes out', 'p50 ms', 'p95 ms'].map(right),
]

function hourOf({ hourMs = 0 }: UsageLine): string {
  return new Date(hourMs).toISOString().slice(0, 16)
}

function withHour({ hourMs, ...line }: UsageLine): object {
  return hourMs === undefined ? line : { hour: new Date(hourMs).toISOString(), ...line }
}

function rowOf(line: UsageLine) {
  const { subscription, operation, calls, blocked, failed, bytesIn, bytesOut, p50Ms, p95Ms } = line
  return [subscription, operation, calls, blocked, failed, bytesIn, bytesOut, p50Ms, p95Ms]
}
