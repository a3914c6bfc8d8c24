/** HTML that is safe to send: made by `html` only. A class, so that no object of data can pass for it. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Value = string | number | Html | readonly Html[] | undefined

/**
 * A template of HTML: every value is escaped for text and for quoted attributes; only nested `Html` goes in as it is.
 * undefined is nothing. Whatever is not ASCII becomes a character reference: old clients read the pages in any charset.
 */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  const parts = strings.map((text, at) => text + markupOf(values[at]))
  return new Html(parts.join(''))
}

/** Text of a `pre`: quotes stay as they are, because the R client prints the page's source as text. */
export function codeText(text: string): Html {
  return new Html(encode(text, /[&<>]|[^\n\t\x20-\x7e]/gu))
}

function markupOf(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return encode(value, /[&<>"'`]|[^\n\t\x20-\x7e]/gu)
  if (value instanceof Html) return value.markup
  return value.map((part) => part.markup).join('\n')
}

const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function encode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (found) => named[found] ?? `&#${shown(found.codePointAt(0) ?? 0)};`)
}

/** Control characters and halves of surrogate pairs have no reference: they show as the replacement character. */
function shown(codePoint: number): number {
  const isControl = codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)
  return isControl || (codePoint >= 0xd800 && codePoint <= 0xdfff) ? 0xfffd : codePoint
}
