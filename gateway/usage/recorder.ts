import type { TableStore } from '../../shared/lib/tableStore.ts'
import { addTo, bucketOf } from './histogram.ts'
import { emptyRollup, encodeRollup, hourLengthMs, type Rollup } from './rollup.ts'

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

/** A recorder over the table `usage`. `instance` names this process; `now` is epoch milliseconds. */
export function createUsageRecorder(
  table: Pick<TableStore, 'put'>,
  instance: string,
  now: () => number,
): UsageRecorder {
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
      for (const rollup of [...changed]) {
        changed.delete(rollup)
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
