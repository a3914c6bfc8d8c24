import { setTimeout as delay } from 'node:timers/promises'
import type { Audit, Auditor } from './witness/audit.ts'

const lookEveryMs = 3_000

/** Looks until nothing is pending, twice in a row, or the time is over (`untilMs` of `performance.now`). */
export async function waitForQuiet(
  auditor: Auditor,
  dropped: Parameters<Auditor['look']>[0],
  { untilMs, print, signal }: { untilMs: number; print(line: string): void; signal: AbortSignal },
): Promise<Audit> {
  for (let quietLooks = 0; ; ) {
    const audit = await auditor.look(dropped, true)
    quietLooks = audit.pending.length === 0 ? quietLooks + 1 : 0
    if (quietLooks === 2 || signal.aborted || performance.now() > untilMs) return audit
    print(
      `pending: ${audit.pending.length}${audit.pending.length > 0 ? ` (${audit.pending.slice(0, 3).join('; ')})` : ''}`,
    )
    await delay(lookEveryMs, undefined, { signal }).catch(() => {})
  }
}
