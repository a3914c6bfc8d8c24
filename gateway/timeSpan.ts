/** Seconds as .NET writes a TimeSpan: `00:30:02`, and `7.00:00:00` from a day on. Pure; whole seconds from 0. */
export function formatTimeSpan(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  return days === 0 ? clock : `${days}.${clock}`
}
