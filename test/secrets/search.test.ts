import { describe, expect, test } from 'vitest'
import { searchSecrets } from './search.ts'

const secret = 'k+/9=canary"7Zq/0123456789=='
const find = (text: string) => searchSecrets({ canary: secret }, [{ where: 'here', text }])

describe('a secret is found', () => {
  const hidings: [how: string, text: string][] = [
    ['raw', `key ${secret}.`],
    ['in JSON', JSON.stringify({ key: secret })],
    ['percent-encoded', `?k=${encodeURIComponent(secret)}`],
    [
      'percent-encoded in lower case',
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 of a longer text', Buffer.from(`x${secret} and more`).toString('base64')],
    ['in base64 of a longer text, one further', Buffer.from(`xy${secret}z`).toString('base64')],
    ['in base64url', Buffer.from(`xyz${secret}`).toString('base64url')],
    ['in percent-encoded base64', encodeURIComponent(Buffer.from(`12345${secret}`).toString('base64'))],
  ]
  test.each(hidings)('%s', (_how, text) => {
    expect(find(text)).toContainEqual(expect.objectContaining({ secret: 'canary', where: 'here' }))
  })
})

describe('by its place', () => {
  test.each([
    ['a signature', 'http://x/y?sv=1&sig=abcdefghijklmnop%3D'],
    ['an encoded signature', 'u=http%3A%2F%2Fx%3Fsv%3D1%26sig%3Dabcdefghijklmnopqrs'],
    ['a signature in base64', Buffer.from('http://x/y?sv=1&sr=b&sp=r&sig=abc').toString('base64')],
    ['an account key', 'AccountName=a;AccountKey=abcdefghijklmnopqrs=='],
    ['a bearer', 'Authorization: Bearer abcdefghijklmnopqrs'],
  ])('%s that nobody named', (_what, text) => {
    expect(find(text)).toContainEqual(expect.objectContaining({ secret: 'unknown', where: 'here' }))
  })
})

test('cut texts and ordinary words are none', () => {
  expect(find('http://x/y?[cut] sig=[cut] AccountKey=[cut] Bearer [cut] signature design=9')).toEqual([])
})
