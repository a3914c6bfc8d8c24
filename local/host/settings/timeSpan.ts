const mostDays = 10_675_199

/**
 * Reads a .NET TimeSpan as host.json and timers write it: `hh:mm`, `hh:mm:ss`, with days before (`d.` or `d:`), fractions of a
 * second after; one number is days, and so is the first of three from 24 on: `24:00:00` is 24 days, as in Azure. Answers
 * milliseconds, or `undefined` for anything else. Pure.
 */
export function parseTimeSpan(text: string): number | undefined {
  const found = /^(-)?(?:(\d+)\.(?=\d+:))?([\d:]+)(?:\.(\d{1,7}))?$/.exec(text.trim())
  if (found === null) return undefined
  const [, minus, dotted, clock = '', fraction] = found
  const parts = partsOf(clock, dotted, fraction)
  if (parts === undefined) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
  if (days > mostDays || hours > 23 || minutes > 59 || seconds > 59) return undefined
  const wholeSeconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
  const ms = wholeSeconds * 1000 + Number(`0.${fraction ?? 0}`) * 1000
  return minus === undefined || ms === 0 ? ms : -ms
}

/** Days, hours, minutes, seconds; what is left out at the end is none. */
function partsOf(clock: string, dotted: string | undefined, fraction: string | undefined) {
  const texts = clock.split(':')
  if (fraction !== undefined && texts.at(-1) === '') texts[texts.length - 1] = '0'
  if (texts.includes('')) return undefined
  const parts = texts.map(Number)
  if (fraction !== undefined && parts.length < 3) return undefined
  if (dotted !== undefined)
    return parts.length === 2 || parts.length === 3 ? [Number(dotted), ...parts] : undefined
  const startsWithDays =
    parts.length === 1 ||
    parts.length === 4 ||
    (parts.length === 3 && fraction === undefined && (parts[0] ?? 0) > 23)
  if (startsWithDays) return parts
  return parts.length < 4 ? [0, ...parts] : undefined
}
