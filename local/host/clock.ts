/** Time as a parameter: `now` is epoch milliseconds; `after` resolves when `ms` have passed, or at once when `signal` aborts. */
export type Clock = { now(): number; after(ms: number, signal?: AbortSignal): Promise<void> }

/** Timers of the platform hold at most 2^31 - 1 ms (24.8 days): longer waits are chained. */
const longestTimerMs = 2_147_483_647

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: async (ms, signal) => {
    const untilMs = Date.now() + ms
    for (let left = ms; left > 0 && signal?.aborted !== true; left = untilMs - Date.now()) {
      await timer(Math.min(left, longestTimerMs), signal)
    }
  },
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timeout)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timeout = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}
