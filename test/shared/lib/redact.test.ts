import { expect, test } from 'vitest'
import { createRedact } from '../../../shared/lib/redact.ts'
import { fc } from '../../setup/properties.ts'

const redact = createRedact()

const cases: [when: string, text: string, then: string][] = [
  ['plain words stay', 'column "age" of line 7: no number?', 'column "age" of line 7: no number?'],
  [
    'the query of a URL',
    'Cannot read https://a.blob.core.windows.net/c/x.csv?sv=2024&sig=abc%3D&se=1 (403)',
    'Cannot read https://a.blob.core.windows.net/c/x.csv?[cut] (403)',
  ],
  ['a URL without a query', 'GET https://a.net/c/x.csv: 404', 'GET https://a.net/c/x.csv: 404'],
  ['a URL in JSON', '{"u":"https://a.net/x?code=abc"}', '{"u":"https://a.net/x?[cut]"}'],
  [
    'a percent-encoded URL',
    'to=https%3A%2F%2Fa.net%2Fc%2Fx.csv%3Fsv%3D2024%26sig%3Dabc end',
    'to=https%3A%2F%2Fa.net%2Fc%2Fx.csv%3F[cut] end',
  ],
  ['a bare token', 'SasBlobToken: ?sv=2024-01-01&sr=b&sig=abc', 'SasBlobToken: ?sv=[cut]'],
  ['a signature alone', 'sig=a1/b2+c3=; next', 'sig=[cut]; next'],
  ['an encoded signature', 'x%26sig%3Dabc%2Fdef', 'x%26sig%3D[cut]'],
  [
    'a code of an error stays',
    '{"code":"BadArgument"} exit code: -2',
    '{"code":"BadArgument"} exit code: -2',
  ],
  ['a function key', 'POST /api/x?code=abc== failed', 'POST /api/x?code=[cut] failed'],
  [
    'a connection string',
    'AccountName=a;AccountKey=Zm9v+/==;EndpointSuffix=core',
    'AccountName=a;AccountKey=[cut];EndpointSuffix=core',
  ],
  ['a connection string in JSON', '{"AccountKey":"Zm9v=="}', '{"AccountKey":"[cut]"}'],
  ['a header', 'Authorization: Bearer abc.def==, x', 'Authorization: Bearer [cut], x'],
  ['a header in lower case', 'authorization: bearer  abc', 'authorization: bearer  [cut]'],
  ['a storage header', 'SharedKey account:c2ln', 'SharedKey [cut]'],
]
test.each(cases)('redact: %s', (_when, text, then) => {
  expect(redact(text)).toBe(then)
})

test('a text is cut to 4,000 characters', () => {
  expect(redact('x'.repeat(5_000))).toHaveLength(4_000)
  expect(redact('x'.repeat(4_000))).not.toContain('…')
})

const key = 'kX9/+q==secret&key"7'
const live = createRedact(() => [key])
const forms: [form: string, text: string][] = [
  ['plain', key],
  ['percent-encoded', encodeURIComponent(key)],
  ['percent-encoded in lower case', encodeURIComponent(key).replace(/%[0-9A-F]{2}/g, (c) => c.toLowerCase())],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(key))],
  ['JSON', JSON.stringify({ key })],
]
test.each(forms)('a live secret is cut in its %s form', (_form, text) => {
  expect(live(`before ${text} after`)).toMatch(/^before .*\[cut\].* after$/)
  expect(live(text)).not.toMatch(/kX9|secret/)
})

test('a live secret is cut inside the base64 of a message, at any offset', () => {
  const anyText = fc.string({ unit: 'binary-ascii' })
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const message = Buffer.from(`${before}${key}${after}`).toString('base64')
      const left = Buffer.from(live(message).split('[cut]').join(''), 'base64').toString('utf8')
      expect(left).not.toContain('secret')
    }),
  )
})

test('secrets that become known later are cut too', () => {
  const known: string[] = []
  const later = createRedact(() => known)
  expect(later('token-12345')).toBe('token-12345')
  known.push('token-12345')
  expect(later('token-12345')).toBe('[cut]')
})

test('a secret of a few letters does not cut ordinary words', () => {
  expect(createRedact(() => ['a', ''])('a cat')).toBe('a cat')
})

test('the keys of thousands of endpoints cost a line next to nothing, and each of them is cut', () => {
  const keys = Array.from({ length: 5_000 }, (_, index) => `key-of-endpoint-${index}-${index * 7_919}==`)
  const many = createRedact(() => keys)
  many('the forms of each are made once')
  const before = process.cpuUsage()
  for (let lines = 0; lines < 400; lines++) many('endpoint claimed, update 1 customerId=contoso generation=3')
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500)
  for (const key of [keys[0], keys[1], keys[4_999]]) expect(many(`a ${key} b ${key}`)).toBe('a [cut] b [cut]')
})

test('of two secrets that begin alike the longer one is cut whole', () => {
  const both = createRedact(() => ['token-12345', 'token-12345-and-more'])
  expect(both('x token-12345-and-more y token-12345 z')).toBe('x [cut] y [cut] z')
})
