import { InvalidArgumentError } from 'commander'

/** Parses `2026-01-01` or an ISO instant, for commander; answers the ISO instant in UTC. */
export function instant(text: string): string {
  const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)
  const atMs = isDate
    ? Date.parse(/T.*[^Z]$/.test(text) && !/[+-]\d\d:\d\d$/.test(text) ? `${text}Z` : text)
    : NaN
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('It is a date, 2026-01-01, or an instant in UTC')
  return new Date(atMs).toISOString()
}
