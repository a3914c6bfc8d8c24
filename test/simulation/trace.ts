/** What happened, line by line, for one seed that is replayed. Lines are only made when somebody will read them. */
export type Trace = { note(who: string, text: () => string): void; lines: string[] }

/** A trace on the virtual clock; without `keep` it notes nothing. */
export function createTrace(now: () => number, keep: boolean): Trace {
  const lines: string[] = []
  const startMs = now()
  return {
    lines,
    note(who, text) {
      if (!keep) return
      lines.push(`${elapsed(now() - startMs)}  ${who.padEnd(26)} ${text()}`)
    },
  }
}

/** Virtual time since the beginning, `01:02:03.456`. */
export function elapsed(ms: number): string {
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0')
  const seconds = part((ms / 1000) % 60, 2)
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${seconds}.${part(ms % 1000, 3)}`
}
