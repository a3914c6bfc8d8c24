/** Fields by name: ids, counts, names. Absent ones are left out. */
export type LogFields = Readonly<Record<string, string | number | undefined>>

/** Where lines go; the Functions host has a method for each level. */
export type LogSink = (level: 'info' | 'warn' | 'error', line: string) => void

/** Fields first, then one line of text: `log.info({ customerId }, 'endpoint updated')`. */
export type Log = {
  info(fields: LogFields, text: string): void
  warn(fields: LogFields, text: string): void
  error(fields: LogFields, text: string): void
}

/** How lines are written. */
export type LogOptions = {
  sink: LogSink
  /** Every line passes it as the last net; see `redact.ts`. */
  redact(text: string): string
  /** Names of fields that may be logged; others show as `[not listed]`, so that nothing slips in by a spread. */
  allowed: readonly string[]
  /** Fields of every line, e.g. the invocation's id. */
  bound?: LogFields
}

/** A log that writes `text customerId=acme generation=3`. */
export function createLog({ sink, redact, allowed, bound = {} }: LogOptions): Log {
  const listed = new Set(allowed)
  const write = (level: 'info' | 'warn' | 'error') => (fields: LogFields, text: string) => {
    const parts = Object.entries({ ...bound, ...fields })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${listed.has(name) ? quoted(String(value)) : '[not listed]'}`)
    sink(level, redact([oneLine(text), ...parts].join(' ')))
  }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ')
}

function quoted(value: string): string {
  return /[\s"=]/.test(value) ? JSON.stringify(value) : value
}
