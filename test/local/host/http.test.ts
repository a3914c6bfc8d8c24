import { expect, test } from 'vitest'
import { cookieText } from '../../../local/host/http/httpResponse.ts'
import { type HostKeys, isAllowed, keyOf } from '../../../local/host/http/keys.ts'
import { compileRoute } from '../../../local/host/http/routes.ts'
import type { AuthLevel } from '../../../local/host/invocation/functionDefinition.ts'

const routes: [when: string, route: string, path: string, then: Record<string, string> | undefined][] = [
  ['a literal, in any case', 'status', '/API/Status', {}],
  ['a slash at the end', 'status', '/api/status/', {}],
  ['another path', 'status', '/api/other', undefined],
  ['parameters, decoded', 'runs/{customer}/{n:int}', '/api/runs/a%20b/7', { customer: 'a b', n: '7' }],
  ['a constraint that fails', 'runs/{customer}/{n:int}', '/api/runs/a/x', undefined],
  ['an optional parameter left out', 'echo/{name?}', '/api/echo', {}],
  ['a catch-all', 'files/{*rest}', '/api/files/a/b', { rest: 'a/b' }],
  ['a bad escape', 'echo/{name}', '/api/echo/%zz', undefined],
]
test.each(routes)('compileRoute: %s', (_when, route, path, then) => {
  expect(compileRoute('api', route).match(path)).toEqual(then)
})

test('without a prefix the empty route is the root', () => {
  expect(compileRoute('', '').match('/')).toEqual({})
})

test('literals come before constrained parameters, these before others, catch-alls last', () => {
  const rank = (route: string) => compileRoute('api', route).rank
  const sorted = ['{*rest}', 'a', '{n:int}', '{name}'].sort((one, other) =>
    rank(one) < rank(other) ? -1 : 1,
  )
  expect(sorted).toEqual(['a', '{n:int}', '{name}', '{*rest}'])
})

test.each(['{n:regex}', 'a{b}', '{'])('route "%s" is refused', (route) => {
  expect(() => compileRoute('api', route)).toThrow(`route "api/${route}" has`)
})

const keys: HostKeys = { master: 'M', host: ['H'], system: 'S', byFunction: new Map([['own', ['F']]]) }
const opens: [level: AuthLevel, key: string | undefined, isOpen: boolean][] = [
  ['anonymous', undefined, true],
  ['function', undefined, false],
  ['function', 'F', true],
  ['function', 'H', true],
  ['function', 'M', true],
  ['function', 'S', false],
  ['function', 'f', false],
  ['admin', 'M', true],
  ['admin', 'H', false],
]
test.each(opens)('isAllowed: a function of level %s, key %s: %s', (level, key, isOpen) => {
  expect(isAllowed(keys, 'own', level, key)).toBe(isOpen)
})

test("another function's key opens nothing; a key in the header comes before one in the query", () => {
  expect(isAllowed(keys, 'another', 'function', 'F')).toBe(false)
  const query = new URLSearchParams('code=query')
  expect(keyOf({ 'x-functions-key': 'header' }, query)).toBe('header')
  expect(keyOf({}, query)).toBe('query')
})

test('a cookie is written with its attributes', () => {
  expect(
    cookieText({
      name: 'a',
      value: 'x y',
      path: { value: '/' },
      expires: { value: { seconds: 0 } },
      httpOnly: { value: true },
      sameSite: 'explicitNone',
      maxAge: { value: 5 },
    }),
  ).toBe('a=x%20y; Max-Age=5; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=None')
})
