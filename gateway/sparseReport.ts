const betweenMs = 10_000
const mostKnown = 100

/** Passes a line on unless the same was passed on in the last 10 seconds: a back end that is down is said, not poured out. */
export function createSparseReport(
  report: (line: string) => void,
  now: () => number,
): (line: string) => void {
  const saidAtMs = new Map<string, number>()
  return (line) => {
    const nowMs = now()
    const lastMs = saidAtMs.get(line)
    if (lastMs !== undefined && nowMs - lastMs < betweenMs) return
    if (saidAtMs.size >= mostKnown) saidAtMs.clear()
    saidAtMs.set(line, nowMs)
    report(line)
  }
}
