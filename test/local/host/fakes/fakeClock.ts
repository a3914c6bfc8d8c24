import type { Clock } from '../../../../local/host/clock.ts'

/** A clock that stands still until a test moves it. */
export type FakeClock = Clock & {
  /** Moves on by `ms`; whoever waits is woken in order, and what follows from it is done before the next. */
  advance(ms: number): Promise<void>
  /** Lets everything that is not waiting for time come to rest. */
  settle(): Promise<void>
}

type Waiting = { atMs: number; wake(): void }

/** A fake clock that begins at `startMs`. */
export function createFakeClock(startMs: number): FakeClock {
  let nowMs = startMs
  const waiting = new Set<Waiting>()
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => nowMs,
    after: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve()
        const entry: Waiting = {
          atMs: nowMs + ms,
          wake: () => {
            waiting.delete(entry)
            signal?.removeEventListener('abort', entry.wake)
            resolve()
          },
        }
        waiting.add(entry)
        signal?.addEventListener('abort', entry.wake)
      }),
    settle,
    advance: async (ms) => {
      const untilMs = nowMs + ms
      await settle()
      for (;;) {
        const next = [...waiting].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined) break
        nowMs = next.atMs
        next.wake()
        await settle()
      }
      nowMs = untilMs
    },
  }
}
