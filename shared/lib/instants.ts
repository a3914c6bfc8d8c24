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

/** Every row passes here, so it goes over the entries without making lists of them. */
function mapEntries(
  value: unknown,
  change: (name: string, entry: unknown) => [string, unknown] | undefined,
): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => mapEntries(item, change))
  const mapped: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const entry: unknown = Reflect.get(value, name)
    const changed = change(name, entry)
    if (changed === undefined) mapped[name] = mapEntries(entry, change)
    else mapped[changed[0]] = changed[1]
  }
  return mapped
}
