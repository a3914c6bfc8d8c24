/** Levels of the Functions host, quietest last. */
export const logLevels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const

/** One level of the Functions host. */
export type LogLevel = (typeof logLevels)[number]

/** One line of the host or of a function. `category` is the host's own name for the origin (`Function.pollJobs.User`). */
export type LogEntry = {
  level: LogLevel
  category: string
  message: string
  functionName?: string | undefined
  invocationId?: string | undefined
}

/** Takes the lines that pass the levels of host.json. */
export type LogSink = (entry: LogEntry) => void

/** Categories (lower case, `default` for the rest) and the lowest level each lets through. */
export type LogFilter = ReadonlyMap<string, LogLevel>

/** Whether a line passes: the longest category of the filter that the line's category starts with decides. Pure. */
export function passesFilter(filter: LogFilter, entry: LogEntry): boolean {
  const category = entry.category.toLowerCase()
  let lowest: LogLevel = filter.get('default') ?? 'information'
  let longest = 0
  for (const [name, level] of filter) {
    const fits = category === name || category.startsWith(`${name}.`)
    if (fits && name.length > longest) {
      longest = name.length
      lowest = level
    }
  }
  return logLevels.indexOf(entry.level) >= logLevels.indexOf(lowest) && entry.level !== 'none'
}

/** The host's own lines, bound to a category. */
export type HostLog = {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

/** Binds a category (`Host.Queues`) and, where given, a function's name to a sink. */
export function hostLog(sink: LogSink, category: string, functionName?: string): HostLog {
  const at = (level: LogLevel) => (message: string) => sink({ level, category, message, functionName })
  return { debug: at('debug'), info: at('information'), warn: at('warning'), error: at('error') }
}

/** What an unknown thrown value says, with its causes. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const text = thrown.message === '' ? thrown.name : thrown.message
  return thrown.cause === undefined ? text : `${text}: ${reasonOf(thrown.cause)}`
}
