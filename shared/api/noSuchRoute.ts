import type { HttpInput } from './httpInput.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'

/** The problem of a request that no route takes: 405 where another method would do, else 404. Pure. */
export function noSuchRoute(
  routes: readonly Route[],
  { method, url }: Pick<HttpInput, 'method' | 'url'>,
): Problem {
  const path = new URL(url).pathname.replace(/^\/api\/?/, '')
  const allowed = routes.filter((route) => fits(route.path, path)).map((route) => route.method)
  const list = 'GET /api/openapi.json lists every address'
  if (allowed.length === 0) {
    return new Problem(
      404,
      'no-such-address',
      `Cannot answer ${method} /api/${path}: there is no such address; ${list}`,
    )
  }
  const allow = [...new Set(allowed)].join(', ')
  return new Problem(
    405,
    'wrong-method',
    `Cannot answer ${method} /api/${path}: it takes ${allow}; ${list}`,
    {
      headers: { allow },
    },
  )
}

function fits(template: string, path: string): boolean {
  const parts = template.split('/')
  const given = path.replace(/\/$/, '').split('/')
  return (
    parts.length === given.length &&
    parts.every((part, index) => part.startsWith('{') || part === given[index]?.toLowerCase())
  )
}
