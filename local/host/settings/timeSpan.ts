/**
 * Reads a .NET TimeSpan as host.json and timers write it: `hh:mm:ss`, `d.hh:mm:ss`, fractions of a second allowed, hours
 * up to 23. Answers milliseconds, or `undefined` for anything else. Pure.
 */
export function parseTimeSpan(text: string): number | undefined {
  const found = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(text.trim())
  if (found === null) return undefined
  const [, minus, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = found
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const wholeSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  const ms = wholeSeconds * 1000 + Number(`0.${fraction}`) * 1000
  return minus === undefined ? ms : -ms
}
