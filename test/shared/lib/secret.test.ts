import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../../shared/lib/secret.ts'

const secret = new Secret('geheim-1234')

test('reveal gives the value out', () => {
  expect(secret.reveal()).toBe('geheim-1234')
})

const ways: [way: string, print: () => string][] = [
  ['JSON', () => JSON.stringify({ secret })],
  ['a template', () => `${secret}`],
  ['concatenation', () => `key: ${String(secret)}`],
  ['inspect', () => inspect({ secret }, { showHidden: true, depth: 9, getters: true })],
  ['spread', () => JSON.stringify({ ...secret })],
  ['its own names', () => [...Object.getOwnPropertyNames(secret), ...Object.values(secret)].join()],
  ['an error message', () => new Error(`Cannot call: ${secret}`).stack ?? ''],
]
test.each(ways)('a secret does not show through %s', (_way, print) => {
  expect(print()).not.toContain('geheim')
})

test('it prints as [secret]', () => {
  expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
    '[secret]',
    '"[secret]"',
    '[secret]',
  ])
})
