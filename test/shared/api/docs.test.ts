import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { routes } from '../../../shared/api/routes.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8')

test('docs/api.md lists every route and no other', () => {
  const listed = [...page.matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)` \|/gm)].map(([, route = '']) =>
    route.replace('…', 'customers/{customerId}/models/{model}').replace('{customer}', '{customerId}'),
  )
  expect(listed.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted())
})
