const minuteSeconds = 60
const hourSeconds = 60 * minuteSeconds
const daySeconds = 24 * hourSeconds

/** A length of time as people say it: `12 s`, `3 min`, `2 h 5 min`, `4 d`. Pure; in seconds. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 2 * minuteSeconds) return `${whole} s`
  if (whole < 2 * hourSeconds) return `${Math.floor(whole / minuteSeconds)} min`
  if (whole < daySeconds) {
    const minutes = Math.floor((whole % hourSeconds) / minuteSeconds)
    return `${Math.floor(whole / hourSeconds)} h${minutes === 0 ? '' : ` ${minutes} min`}`
  }
  return `${Math.floor(whole / daySeconds)} d`
}

/** An ISO instant as a person reads it beside now: `3 min ago`, `in 2 h`; empty for none. Pure. */
export function ago(at: string | undefined | null, nowMs: number): string {
  if (at === undefined || at === null) return ''
  const seconds = (nowMs - Date.parse(at)) / 1_000
  if (Number.isNaN(seconds)) return at
  return seconds < 0 ? `in ${lengthOf(-seconds)}` : `${lengthOf(seconds)} ago`
}

/** An ISO instant to the second, in UTC: `2026-11-21 13:45:07Z`. Pure. */
export function instant(at: string | undefined | null): string {
  if (at === undefined || at === null) return ''
  return at.replace('T', ' ').replace(/\.\d+Z$/, 'Z')
}
