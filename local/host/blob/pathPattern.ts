/** A blob trigger's path: the container and what of each blob name is a parameter. */
export type PathPattern = {
  container: string
  /** The parameters of a blob that fits, by name; `undefined` for one that doesn't. */
  match(blobName: string): Record<string, string> | undefined
}

/**
 * Compiles `container/{name}.csv`. A parameter takes any characters, slashes too, the first ones as many as they can;
 * `{{` and `}}` stand for braces; without a blob part every blob fits. Throws for an unbalanced or unnamed parameter. Pure.
 * Source: the host's BindingTemplateSource.
 */
export function compilePattern(path: string): PathPattern {
  const slash = path.indexOf('/')
  const container = slash < 0 ? path : path.slice(0, slash)
  const blobPart = slash < 0 ? '' : path.slice(slash + 1)
  if (!/^(\$root|\$logs|\$web|[a-z0-9](-?[a-z0-9]){2,62})$/.test(container)) {
    throw new Error(`its path "${path}" doesn't begin with the name of a container`)
  }
  if (blobPart === '') return { container, match: () => ({}) }
  const pattern = new RegExp(`^${expressionOf(blobPart, path)}$`, 's')
  return { container, match: (blobName) => parametersOf(pattern.exec(blobName)) }
}

function parametersOf(found: RegExpExecArray | null): Record<string, string> | undefined {
  return found === null ? undefined : { ...found.groups }
}

function expressionOf(blobPart: string, path: string): string {
  const names = new Set<string>()
  const parts = blobPart.match(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g) ?? []
  return parts
    .map((part) => {
      if (part === '{{' || part === '}}') return part === '{{' ? '\\{' : '\\}'
      if (part === '{' || part === '}') throw new Error(`its path "${path}" has an unbalanced brace`)
      if (!part.startsWith('{')) return part.replace(/[\\^$.*+?()|[\]]/g, '\\$&')
      const name = part.slice(1, -1)
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`its path "${path}" has a parameter without a name`)
      if (names.has(name)) return `\\k<${name}>`
      names.add(name)
      return `(?<${name}>.*)`
    })
    .join('')
}
