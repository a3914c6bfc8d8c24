import { describe, expect, test } from 'vitest'
import { codeText, html } from '../../../emulator/pages/html.ts'

const cases: [when: string, value: string, then: string][] = [
  ['markup', '<b>"&\'', '&lt;b&gt;&quot;&amp;&#39;'],
  ['an ampersand that is escaped already', '&lt;', '&amp;lt;'],
  ['letters outside of ASCII', 'Größe 😀', 'Gr&#246;&#223;e &#128512;'],
  ['control characters', 'a\u0000\u0085b', 'a&#65533;&#65533;b'],
  ['half a surrogate pair', 'a\ud83db', 'a&#65533;b'],
]

describe('html', () => {
  test.each(cases)('escapes %s', (_when, value, then) => {
    expect(html`<p title="${value}">${value}</p>`.markup).toBe(`<p title="${then}">${then}</p>`)
  })

  test('takes nested HTML as it is, lists too, and undefined as nothing', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`)
    expect(html`<ul>${items}</ul>${undefined}${3}`.markup).toBe('<ul><li>a</li>\n<li>&lt;</li></ul>3')
  })

  test('does not take an object for HTML because it is named so in data', () => {
    const fromData = JSON.parse('{"markup": "<i>"}')
    expect(() => html`${fromData}`).toThrow(TypeError)
  })
})

test('code keeps its quotes and lines, so that it reads as it is in the page source', () => {
  expect(codeText('if a < "b":\n\treturn é').markup).toBe('if a &lt; "b":\n\treturn &#233;')
})
