/** `dueAtMs: 0` becomes `dueAt: '1970-01-01T00:00:00.000Z'`, at any depth. */
export function withInstantsAsText(value: unknown): unknown {
  return mapEntries(value, (name, entry) =>
    name.endsWith('AtMs') && typeof entry === 'number'
      ? [name.slice(0, -2), new Date(entry).toISOString()]
      : undefined,
  )
}

/** As {@link withInstantsAsText} for people and programs outside: also an entry's own `atMs` becomes `at`. */
export function withInstantsForReading(value: unknown): unknown {
  return mapEntries(value, (name, entry) =>
    /(?:^a|A)tMs$/.test(name) && typeof entry === 'number'
      ? [name.slice(0, -2), new Date(entry).toISOString()]
      : undefined,
  )
}

/** The way back from {@link withInstantsAsText}. */
export function withInstantsAsNumbers(value: unknown): unknown {
  return mapEntries(value, (name, entry) =>
    name.endsWith('At') && typeof entry === 'string' ? [`${name}Ms`, Date.parse(entry)] : undefined,
  )
}

function mapEntries(
  value: unknown,
  change: (name: string, entry: unknown) => [string, unknown] | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapEntries(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => change(name, entry) ?? [name, mapEntries(entry, change)]),
  )
}
