/** A compiled route of an HTTP function: what of a path are its parameters. */
export type Route = {
  template: string
  /** How specific it is: literal segments before parameters before catch-alls. Lower sorts first. */
  rank: string
  match(path: string): Record<string, string> | undefined
}

const constraints: Record<string, string> = {
  int: '-?\\d+',
  long: '-?\\d+',
  guid: '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}',
  alpha: '[A-Za-z]+',
  bool: '(?:true|false)',
}

/**
 * Compiles an ASP.NET route template under a prefix: literals (any case), `{name}`, `{name?}`, `{name:int}` (int, long, guid,
 * alpha, bool) and a last `{*rest}`. Throws for another constraint. Pure.
 */
export function compileRoute(prefix: string, route: string): Route {
  const template = [prefix, route.replace(/^\/+|\/+$/g, '')].filter(Boolean).join('/')
  const segments = template === '' ? [] : template.split('/')
  const compiled = segments.map((segment) => compileSegment(segment, template))
  const pattern = new RegExp(`^${compiled.map(({ expression }) => expression).join('')}/?$`, 'i')
  return {
    template,
    rank: compiled.map(({ rank }) => rank).join(''),
    match: (path) => {
      const found = pattern.exec(path === '/' ? '' : path)
      if (found === null) return undefined
      const given = Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined)
      return decoded(given)
    },
  }
}

function decoded(given: [string, string][]): Record<string, string> | undefined {
  try {
    return Object.fromEntries(given.map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    return undefined
  }
}

function compileSegment(segment: string, template: string): { expression: string; rank: string } {
  const found = /^\{(\*?)([A-Za-z_]\w*)(?::(\w+))?(\?)?\}$/.exec(segment)
  if (found === null) {
    if (/[{}]/.test(segment))
      throw new Error(`route "${template}" has a segment "${segment}" this host can't read`)
    return { expression: `/${segment.replace(/[\\^$.*+?()|[\]]/g, '\\$&')}`, rank: '0' }
  }
  const [, star = '', name = '', constraint, optional] = found
  if (star !== '') return { expression: `(?:/(?<${name}>.*))?`, rank: '3' }
  const value = constraint === undefined ? '[^/]+' : constraints[constraint.toLowerCase()]
  if (value === undefined) throw new Error(`route "${template}" has the unknown constraint ${constraint}`)
  const expression = `/(?<${name}>${value})`
  const rank = constraint === undefined ? '2' : '1'
  return optional === undefined ? { expression, rank } : { expression: `(?:${expression})?`, rank: '3' }
}
