/** A clock that only moves when told, in epoch milliseconds. */
export type VirtualClock = { now(): number; advance(seconds: number): void; set(nowMs: number): void }

/** Starts at 2026-01-01T00:00:00Z. */
export function createVirtualClock(startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  let nowMs = startMs
  return {
    now: () => nowMs,
    advance: (seconds) => {
      nowMs += seconds * 1000
    },
    set: (value) => {
      nowMs = value
    },
  }
}
