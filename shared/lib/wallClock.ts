const dayMs = 86_400_000

/** Whether a text names a time zone of the IANA database. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** How far a time zone's clock is ahead of UTC at an instant; both in ms. */
export function offsetMs(timeZone: string, atMs: number): number {
  if (timeZone === 'UTC') return 0
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const [year = 0, month = 1, day, hour, minute, second] = clockParts.map((part) => parts.get(part))
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000
}

const clockParts = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const numeric = Object.fromEntries(clockParts.map((part) => [part, 'numeric'] as const))
  const made = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...numeric })
  clocks.set(timeZone, made)
  return made
}

/**
 * The instants (epoch ms) at which a time zone's clock shows a time, `wallMs` being that time as if it were UTC: two where the
 * clock is set back in between, else one. A time that the clock leaves out is as much later as the clock goes on.
 */
export function instantsOf(timeZone: string, wallMs: number): { firstMs: number; lastMs: number } {
  const before = wallMs - offsetMs(timeZone, wallMs - dayMs)
  const after = wallMs - offsetMs(timeZone, wallMs + dayMs)
  if (before === after) return { firstMs: before, lastMs: before }
  const shown = [before, after].filter((atMs) => atMs + offsetMs(timeZone, atMs) === wallMs)
  if (shown.length === 0) return { firstMs: Math.max(before, after), lastMs: Math.max(before, after) }
  return { firstMs: Math.min(...shown), lastMs: Math.max(...shown) }
}
