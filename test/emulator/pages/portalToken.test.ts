import { expect, test } from 'vitest'
import { mayHaveToken, type TokenAsker } from '../../../emulator/routes/portalToken.ts'

const portal: TokenAsker = {
  remoteAddress: '127.0.0.1',
  baseUrl: 'http://127.0.0.1:8150',
  headers: { 'x-portal': '1', origin: 'http://127.0.0.1:8150', 'sec-fetch-site': 'same-origin' },
}

const cases: [when: string, change: Partial<TokenAsker>, then: boolean][] = [
  ['the portal on this machine', {}, true],
  ['by the name localhost', { baseUrl: 'http://localhost:8150', headers: { 'x-portal': '1' } }, true],
  ['over IPv6', { remoteAddress: '::1', baseUrl: 'http://[::1]:8150', headers: { 'x-portal': '1' } }, true],
  ['over IPv4 on an IPv6 socket', { remoteAddress: '::ffff:127.0.0.1' }, true],
  ['another machine', { remoteAddress: '192.168.1.7' }, false],
  [
    'another machine that says it is this one',
    { remoteAddress: '192.168.1.7', baseUrl: 'http://localhost' },
    false,
  ],
  [
    'a name that was pointed to this machine',
    { baseUrl: 'http://evil.example:8150', headers: { 'x-portal': '1' } },
    false,
  ],
  [
    'a name that begins like this machine',
    { baseUrl: 'http://127.0.0.1.evil.example', headers: { 'x-portal': '1' } },
    false,
  ],
  ['a host that is none', { baseUrl: 'http://a:b:c', headers: { 'x-portal': '1' } }, false],
  ["another site's form", { headers: {} }, false],
  ["another site's script", { headers: { 'x-portal': '1', origin: 'http://evil.example' } }, false],
  ["another port's script", { headers: { 'x-portal': '1', 'sec-fetch-site': 'same-site' } }, false],
  ['a page behind a proxy', { headers: { 'x-portal': '1', 'x-forwarded-for': '10.0.0.1' } }, false],
]
test.each(cases)('the workspace token for %s', (_when, change, then) => {
  expect(mayHaveToken({ ...portal, ...change })).toBe(then)
})
