import type { TableStore } from '../../shared/lib/tableStore.ts'
import { quantileMs } from './histogram.ts'
import { decodeRollup, hourKey, mergeInto, type Rollup } from './rollup.ts'

/** One line of the usage page: figures of a subscription's operation, in one hour or (without `hourMs`) over all asked for. */
export type UsageLine = {
  subscription: string
  operation: string
  hourMs?: number
  calls: number
  blocked: number
  failed: number
  bytesIn: number
  bytesOut: number
  p50Ms: number
  p95Ms: number
}

/** Whose figures, from which hour on; `byHour` keeps the hours apart. */
export type UsageQuestion = { subscriptions: readonly string[]; sinceMs: number; byHour?: boolean }

/** Adds up the rows of all processes, by subscription, (hour,) operation, in that order. */
export async function readUsage(
  table: Pick<TableStore, 'list'>,
  { subscriptions, sinceMs, byHour = false }: UsageQuestion,
): Promise<UsageLine[]> {
  const lines: UsageLine[] = []
  for (const subscription of subscriptions) {
    const merged = new Map<string, Rollup>()
    for await (const rollup of rollupsOf(table, subscription, sinceMs)) {
      const key = `${byHour ? hourKey(rollup.hourMs) : ''}|${rollup.operation}`
      const found = merged.get(key)
      if (found === undefined) merged.set(key, rollup)
      else mergeInto(found, rollup)
    }
    const sorted = [...merged].sort(([a], [b]) => (a < b ? -1 : 1))
    lines.push(...sorted.map(([, rollup]) => toLine(rollup, byHour)))
  }
  return lines
}

async function* rollupsOf(
  table: Pick<TableStore, 'list'>,
  subscription: string,
  sinceMs: number,
): AsyncGenerator<Rollup> {
  let next: string | undefined
  do {
    const page = await table.list(
      subscription,
      { from: hourKey(sinceMs) },
      { size: 1000, ...(next !== undefined && { next }) },
    )
    for (const row of page.rows) yield decodeRollup(row)
    next = page.next
  } while (next !== undefined)
}

function toLine({ latencies, hourMs, ...figures }: Rollup, byHour: boolean): UsageLine {
  return {
    ...figures,
    ...(byHour && { hourMs }),
    p50Ms: quantileMs(latencies, 0.5),
    p95Ms: quantileMs(latencies, 0.95),
  }
}
