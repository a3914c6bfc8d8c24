/** What one customer's line shows. `share` is 0 to 1 while a job trains. */
export type CustomerLine = {
  customer: string
  state: string
  elapsedSeconds: number
  generation?: number
  share?: number
  reason?: string
}

const barWidth = 24

/** `[############------------]  50 %`; the share is cut to 0..1. Pure. */
export function progressBar(share: number): string {
  const known = Math.min(1, Math.max(0, share))
  const filled = Math.floor(known * barWidth)
  const percent = String(Math.floor(known * 100)).padStart(3)
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${percent} %`
}

/** One line a customer: name, generation, state, elapsed time, and the bar while training. No longer than `columns`. Pure. */
export function renderLine(line: CustomerLine, columns: number): string {
  const cells = [
    `  ${line.customer.padEnd(12)}`,
    (line.generation === undefined ? '' : `gen ${line.generation}`).padEnd(7),
    line.state.padEnd(16),
    `${line.elapsedSeconds.toFixed(1)} s`.padStart(8),
    line.share === undefined ? '' : ` ${progressBar(line.share)}`,
    line.reason === undefined ? '' : ` ${line.reason}`,
  ]
  return cells.join(' ').trimEnd().slice(0, columns)
}

/** Where there is no terminal: a line for each customer whose state changed or whose training passed another quarter. Pure. */
export function changedLines(before: readonly CustomerLine[], now: readonly CustomerLine[]): CustomerLine[] {
  return now.filter((line) => {
    const earlier = before.find((other) => other.customer === line.customer)
    return earlier === undefined || stage(earlier) !== stage(line)
  })
}

function stage(line: CustomerLine): string {
  const quarter = line.share === undefined ? '' : Math.floor(line.share * 4)
  return `${line.generation} ${line.state} ${quarter}`
}
