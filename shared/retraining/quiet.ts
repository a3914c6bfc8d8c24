/** When a model's quiet period ends: `quietSeconds` after the newest waiting drop, at most `maxQuietSeconds` after the oldest. */
export function quietUntilMs(
  waiting: { oldestAcceptedAtMs: number; newestAcceptedAtMs: number },
  settings: { quietSeconds: number; maxQuietSeconds: number },
): number {
  return Math.min(
    waiting.newestAcceptedAtMs + settings.quietSeconds * 1000,
    waiting.oldestAcceptedAtMs + settings.maxQuietSeconds * 1000,
  )
}

/** How long after its time a start that was asked for counts as lost, in ms. */
export const startGraceMs = 60_000

/** Whether somebody must ask for a start: nothing is in flight, the model is not paused and no request is on its way. Pure. */
export function needsStartRequest(
  head:
    | {
        inFlight?: number | undefined
        startRequestedForAtMs?: number | undefined
        paused?: object | undefined
      }
    | undefined,
  nowMs: number,
): boolean {
  if (head === undefined) return true
  if (head.inFlight !== undefined || head.paused !== undefined) return false
  return head.startRequestedForAtMs === undefined || head.startRequestedForAtMs + startGraceMs < nowMs
}
