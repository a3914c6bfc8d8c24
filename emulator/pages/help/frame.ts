import type { CodeSample } from '../code/samples.ts'
import { codeText, type Html, html } from '../html.ts'
import { renderPage } from '../layout.ts'
import { type ApiView, helpPath, servicePath } from '../view.ts'

/** The help pages of an endpoint, by what follows the HelpLocation. */
export const helpPages = {
  '': 'API help',
  score: 'Request/Response',
  jobs: 'Batch execution',
  update: 'Update resource',
} as const
export type HelpPage = keyof typeof helpPages

/** A help page in its frame: where it belongs, the other pages of the endpoint, its content. */
export function renderHelp(api: ApiView, page: HelpPage, content: Html): string {
  const { service, endpoint } = api
  const base = helpPath(service, endpoint)
  const crumbs = [
    { label: 'Web services', path: '/' },
    { label: service.name, path: servicePath(service) },
    { label: endpoint.name, ...(page === '' ? {} : { path: base }) },
    ...(page === '' ? [] : [{ label: helpPages[page] }]),
  ]
  const title = page === '' ? `API help for ${service.name}` : `${helpPages[page]} API of ${service.name}`
  const body = html`<h1>${title}</h1>
<p class="lead">${service.description}</p>
<nav class="tabs" aria-label="API help">
${Object.entries(helpPages).map(([key, label]) => tab(base, { key, label, current: key === page }))}
</nav>
${content}`
  return renderPage({ title: `${title}, endpoint ${endpoint.name}`, crumbs, script: 'copy.js', body })
}

function tab(base: string, { key, label, current }: { key: string; label: string; current: boolean }): Html {
  const path = key === '' ? base : `${base}/${key}`
  return current
    ? html`<a href="${path}" aria-current="page">${label}</a>`
    : html`<a href="${path}">${label}</a>`
}

/** A block of text to read or copy: a body, a header. */
export function block(text: string): Html {
  return html`<pre tabindex="0">${codeText(text)}</pre>`
}

/** JSON as the samples show it: rows of a table stay on one line. */
export function jsonBlock(value: unknown): Html {
  return block(layoutJson(value, ''))
}

/** JSON with two blanks a level; what fits in 90 characters stays on one line. */
export function layoutJson(value: unknown, margin: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${margin}  `
  const items = Array.isArray(value)
    ? value.map((item) => layoutJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layoutJson(item, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const line = open + items.join(', ') + close
  if (margin.length + line.length <= 90 && !line.includes('\n')) return line
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`
}

/**
 * The sample code, R last: the R client looks for `code-snippet-r` in the page, skips two characters and shows the rest
 * of the page as the R sample. So that word stands nowhere else, and nothing readable stands behind.
 */
export function renderSamples(samples: readonly CodeSample[]): Html {
  return html`<section aria-labelledby="samples">
<h2 id="samples">Sample code</h2>
${samples.map(
  ({ language, code }) => html`<h3>${language}</h3>
<pre tabindex="0" id="${ids[language]}">
${codeText(code)}</pre>`,
)}
</section>`
}

const ids = { 'C#': 'code-snippet-csharp', Python: 'code-snippet-python', R: 'code-snippet-r' } as const
