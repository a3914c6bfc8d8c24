/** Settings by lower-case path (`extensions:queues:batchsize`), as the host's configuration sees them. */
export type FlatSettings = ReadonlyMap<string, string>

/** Flattens parsed JSON into paths; arrays by index. Pure. */
export function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === 'object') {
    into.set(path, '')
    for (const [key, child] of Object.entries(value)) {
      flatten(child, path === '' ? key.toLowerCase() : `${path}:${key.toLowerCase()}`, into)
    }
    into.delete('')
  } else if (value !== null && value !== undefined) {
    into.set(path, String(value))
  }
  return into
}

const prefix = 'azurefunctionsjobhost__'

/** Lays `AzureFunctionsJobHost__a__b` (or `:` between the parts) of an environment over host.json. Pure. */
export function withOverrides(settings: FlatSettings, environment: NodeJS.ProcessEnv): FlatSettings {
  const all = new Map(settings)
  for (const [name, value] of Object.entries(environment)) {
    const key = name.toLowerCase().replaceAll(':', '__')
    if (value !== undefined && key.startsWith(prefix)) {
      all.set(key.slice(prefix.length).replaceAll('__', ':'), value)
    }
  }
  return all
}
