import { setTimeout as delay } from 'node:timers/promises'
import type { Audit, Auditor } from './witness/audit.ts'

const lookEveryMs = 3_000

/** How to wait: until when at most (as `performance.now` counts), who is told of each look, and what ends it early. */
export type QuietOptions = { untilMs: number; onLook(audit: Audit): void; signal: AbortSignal }

/** Looks until nothing is pending, twice in a row, or the time is over. */
export async function waitForQuiet(
  auditor: Auditor,
  dropped: Parameters<Auditor['look']>[0],
  { untilMs, onLook, signal }: QuietOptions,
): Promise<Audit> {
  for (let quietLooks = 0; ; ) {
    const audit = await lookOnce(auditor, dropped, untilMs)
    onLook(audit)
    quietLooks = audit.pending.length === 0 ? quietLooks + 1 : 0
    if (quietLooks === 2 || signal.aborted || performance.now() > untilMs) return audit
    await delay(lookEveryMs, undefined, { signal }).catch(() => {})
  }
}

/** A look fails while a part that ended by itself is started again. */
async function lookOnce(
  auditor: Auditor,
  dropped: Parameters<Auditor['look']>[0],
  untilMs: number,
): Promise<Audit> {
  for (;;) {
    try {
      return await auditor.look(dropped, true)
    } catch (error) {
      if (performance.now() > untilMs) throw error
      await delay(1_000)
    }
  }
}

/** How much is pending, and the first of it. Pure. */
export function pendingLine({ pending }: Pick<Audit, 'pending'>): string {
  const first = pending.length > 0 ? ` (${pending.slice(0, 3).join('; ')})` : ''
  return `pending: ${pending.length}${first}`
}
