import { expect, test } from 'vitest'
import type { Route } from '../../../shared/api/route.ts'
import { routes } from '../../../shared/api/routes.ts'
import { createWorld } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

const world = await createWorld()
const api = createApiCalls(world.ports)

const odd = [
  'UPPER',
  '%2e%2e',
  '..%2f..%2fhead',
  'a%00b',
  "a' or 1 eq 1",
  'a|head',
  'x'.repeat(300),
  '-1',
  '%F0%9F%92%A9',
  '0',
]
const queries = [
  'limit=999999999',
  'limit=-1',
  'limit=1;drop',
  'continuation=zzz',
  'continuation=%00',
  'unknown=1',
  'limit=1&limit=2',
]

/** An address with every parameter odd: none may come further than the check. */
function addressOf({ path }: Route, value: string): string {
  return path.replaceAll(/\{\w+\}/g, value)
}

const withIds = routes.filter(({ path }) => /\{(?:customerId|model|generation|id|dropId)\}/.test(path))

test.each(withIds.map((route) => [route.name, route] as const))(
  '%s refuses odd names cleanly',
  async (_name, route) => {
    for (const value of odd) {
      const path = addressOf(route, value)
      const answer = await api.call(route.method, path, { headers: { 'x-retrain-reason': 'odd' } })
      expect([400, 404, 405], `${value}: ${JSON.stringify(answer.body)}`).toContain(answer.status)
      expect(answer.body).toMatchObject({
        code: expect.any(String),
        detail: expect.stringMatching(/^Cannot /),
      })
    }
  },
)

test.each(routes.map((route) => [route.name, route] as const))(
  '%s refuses odd queries cleanly',
  async (_name, route) => {
    const path = addressOf(route, 'a1').replace('generation', '1')
    for (const query of queries) {
      const answer = await api.call(route.method, `${path}?${query}`, {
        headers: { 'x-retrain-reason': 'odd' },
      })
      expect([400, 404, 405], `${query}: ${JSON.stringify(answer.body)}`).toContain(answer.status)
    }
  },
)

const writes = routes.filter(({ method }) => method !== 'GET')
const bodies = [
  'null',
  '[]',
  '"x"',
  '1',
  '{"__proto__":{"x":1}}',
  '{"unknown":1}',
  '{',
  '\u0000',
  `{"a":${'['.repeat(5_000)}`,
]

test.each(writes.map((route) => [route.name, route] as const))(
  '%s refuses odd bodies cleanly',
  async (_name, route) => {
    const path = addressOf(route, '1')
    const type = route.file === undefined ? {} : { 'content-type': route.file.type }
    const headers = { 'x-retrain-reason': 'odd', ...type }
    for (const text of bodies) {
      const answer = await api.call(route.method, path, { text, headers })
      expect([400, 404, 405], `${text.slice(0, 40)}: ${JSON.stringify(answer.body)}`).toContain(answer.status)
    }
  },
)

test('nothing of it was done', async () => {
  const { items } = await world.ports.listAudit({ size: 1_000 })
  expect(items.filter(({ outcome }) => outcome !== 'refused')).toEqual([])
})
