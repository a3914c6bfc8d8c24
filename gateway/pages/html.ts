/** HTML that is safe to send: made by `html` only. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Value = string | number | Html | readonly Html[]

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template of HTML: every value is escaped for text and quoted attributes; only nested `Html` goes in as it is. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(
    strings.map((text, at) => text + (at < values.length ? markupOf(values[at] ?? '') : '')).join(''),
  )
}

function markupOf(value: Value): string {
  if (value instanceof Html) return value.markup
  if (typeof value === 'object') return value.map(({ markup }) => markup).join('\n')
  return String(value).replace(/[&<>"']/g, (found) => entities[found] ?? found)
}
