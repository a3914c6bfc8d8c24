import { expect, test } from 'vitest'
import { isSame } from '../../../shared/retraining/same.ts'

test.each([
  ['the same names in another order', { a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 }, true],
  ['an undefined name and an absent one', { a: 1, b: undefined }, { a: 1 }, true],
  ['another value deep inside', { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, false],
  ['a longer list', [1], [1, 2], false],
  ['a list and an object', [], {}, false],
  ['nothing and something', undefined, { a: 1 }, false],
  ['null and an object', null, {}, false],
] as const)('isSame: %s', (_when, one, other, then) => {
  expect(isSame(one, other)).toBe(then)
  expect(isSame(other, one)).toBe(then)
})
