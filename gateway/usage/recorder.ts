import type { TableStore } from '../../shared/lib/tableStore.ts'
import { addTo, bucketOf } from './histogram.ts'
import { emptyRollup, encodeRollup, hourLengthMs, nobody, type Rollup } from './rollup.ts'

/** What came of a call. `latencyMs` is there for calls that were passed on. */
export type CallOutcome = {
  subscription: string
  operation: string
  status: 'ok' | 'blocked' | 'failed'
  bytesIn: number
  bytesOut: number
  latencyMs?: number
}

/** Adds calls up by subscription, hour and operation; `flush` writes what changed. */
export type UsageRecorder = { record(outcome: CallOutcome): void; flush(): Promise<void> }

/** What a recorder over the table `usage` needs. */
export type RecorderOptions = {
  table: Pick<TableStore, 'put'>
  /** Names this process. */
  instance: string
  /** The names of all subscriptions: of one that was removed nothing is written any more. */
  names(): Promise<readonly string[]>
  /** Epoch milliseconds. */
  now(): number
}

/** A recorder over the table `usage`: a row a subscription, hour and operation, written anew while it grows. */
export function createUsageRecorder({ table, instance, names, now }: RecorderOptions): UsageRecorder {
  const rollups = new Map<string, Rollup>()
  const changed = new Set<Rollup>()
  return {
    record(outcome) {
      const nowMs = now()
      const key = `${Math.floor(nowMs / hourLengthMs)}|${outcome.operation}|${outcome.subscription}`
      let rollup = rollups.get(key)
      if (rollup === undefined) {
        rollup = emptyRollup(outcome.subscription, outcome.operation, nowMs)
        rollups.set(key, rollup)
      }
      add(rollup, outcome)
      changed.add(rollup)
    },
    async flush() {
      const written = new Set(changed.size === 0 ? [] : [nobody, ...(await names())])
      for (const rollup of [...changed]) {
        changed.delete(rollup)
        if (!written.has(rollup.subscription)) continue
        await table.put(encodeRollup(rollup, instance)).catch((error: unknown) => {
          changed.add(rollup)
          throw error
        })
      }
      const oldestMs = now() - 2 * hourLengthMs
      for (const [key, rollup] of rollups)
        if (rollup.hourMs < oldestMs && !changed.has(rollup)) rollups.delete(key)
    },
  }
}

function add(rollup: Rollup, { status, bytesIn, bytesOut, latencyMs }: CallOutcome): void {
  rollup.calls++
  if (status !== 'ok') rollup[status]++
  rollup.bytesIn += bytesIn
  rollup.bytesOut += bytesOut
  if (latencyMs !== undefined) addTo(rollup.latencies, bucketOf(latencyMs))
}
