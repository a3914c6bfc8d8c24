import { isApproved } from './claimEndpoint.ts'
import { releasedHead } from './endRun.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import type { Clock, Log, RunStore } from './stores.ts'
import { swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What taking an approval back needs. */
export type WithdrawApprovalPorts = RunStore & Pick<Clock, 'now'> & { log: Log }

/** A rejected run that was approved came too late: it is rejected as before, and says why it was not installed. */
export async function withdrawApproval(
  ports: WithdrawApprovalPorts,
  run: Run,
  reason: string,
): Promise<void> {
  const nowMs = ports.now()
  await swapPair(ports, run, ({ run: fresh, head }) =>
    fresh.state === 'rejected' && isApproved(fresh)
      ? {
          run: {
            ...fresh,
            warrant: undefined,
            updatedAtMs: nowMs,
            timeline: addEntry(fresh.timeline, nowMs, `not updated: ${reason}`),
          },
          head: releasedHead(head, fresh.generation),
        }
      : undefined,
  )
  ports.log.warn({ ...ids(run) }, `not updated: ${reason}`)
}
