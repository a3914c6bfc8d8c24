/**
 * JSON in one spelling: names sorted by their UTF-16 units, no blanks, numbers as ECMAScript prints them, absent values left
 * out. The same value gives the same bytes anywhere, so that a hash of it can be checked. Source: RFC 8785. Pure.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${canonicalJson(entry)}`).join(',')}}`
}

/** `liveAtMs: 0` becomes `liveAt: '1970-01-01T00:00:00.000Z'`, at any depth: how instants leave the app. Pure. */
export function withIsoInstants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoInstants)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) =>
      name.endsWith('AtMs') && typeof entry === 'number'
        ? [name.slice(0, -2), new Date(entry).toISOString()]
        : [name, withIsoInstants(entry)],
    ),
  )
}
