import { type RemovableRows, removePage } from './removeUsage.ts'
import { hourLengthMs, nobody } from './rollup.ts'

/** How long usage is kept unless told otherwise: as far as `retrain usage --hours` looks back. */
export const defaultUsageDays = 366

/** What removing old usage needs. `days` 0 keeps it for ever; `now` is epoch milliseconds. */
export type RetentionOptions = {
  table: RemovableRows
  days: number
  /** The names of all subscriptions. */
  names(): Promise<readonly string[]>
  now(): number
}

const dayMs = 24 * hourLengthMs

/** One step of the work: a page of one subscription's rows. Once a day it goes through all of them. */
export function createUsageRetention({ table, days, names, now }: RetentionOptions): () => Promise<void> {
  let left: string[] = []
  let nextMs = 0
  return async () => {
    if (days === 0) return
    if (left.length === 0) {
      if (now() < nextMs) return
      left = [...(await names()), nobody]
      nextMs = now() + dayMs
    }
    const [name = ''] = left
    const { isLast } = await removePage(table, name, now() - days * dayMs)
    if (isLast) left.shift()
  }
}
