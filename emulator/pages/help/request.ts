import { type Html, html } from '../html.ts'
import { copyable, table } from '../layout.ts'
import type { ApiView, ColumnView } from '../view.ts'

/** The section that says how to send a request: method, URL and headers. `body` false: the request has none. */
export function renderRequest(
  method: string,
  url: string,
  { label, body }: { label: string; body: boolean },
): Html {
  return html`<div class="request"><span class="method">${method}</span> ${copyable(url)}</div>
${table(
  `Headers: ${label}`,
  ['Request header', 'Value'],
  [
    [html`<code>Authorization</code>`, html`<code>Bearer</code>, a blank and a key of the endpoint`],
    ...(body ? [[html`<code>Content-Type</code>`, html`<code>application/json</code>`]] : []),
    ...(body ? [[html`<code>Accept</code>`, html`<code>application/json</code> (optional)`]] : []),
  ],
)}`
}

/** A port's columns. */
export function renderColumns(port: string, columns: readonly ColumnView[]): Html {
  const withLevels = columns.some((column) => column.levels !== undefined)
  const rows = columns.map(({ name, type, levels }) => [
    html`<code>${name}</code>`,
    type,
    ...(withLevels ? [knownValues(levels ?? [])] : []),
  ])
  const head = ['Column', 'Type', ...(withLevels ? ['Known values'] : [])]
  return html`<h3>Port <code>${port}</code></h3>
${table(`Columns of ${port}`, head, rows)}`
}

const shownLevels = 12

function knownValues(levels: readonly string[]): string {
  const shown = levels.slice(0, shownLevels).join(', ')
  return levels.length > shownLevels ? `${shown} and ${levels.length - shownLevels} more` : shown
}

/** The global parameters, or nothing where there are none. */
export function renderParameters(api: ApiView): Html | undefined {
  if (api.parameters.length === 0) return undefined
  return html`<h3>Global parameters</h3>
<p>Names are case-sensitive.</p>
${table(
  'Global parameters',
  ['Parameter', 'Default'],
  api.parameters.map((parameter) => [
    html`<code>${parameter.name}</code>`,
    parameter.default === undefined ? 'none: required' : html`<code>${parameter.default}</code>`,
  ]),
)}`
}

/** What errors look like. */
export function renderErrors(): Html {
  return html`<h2>Errors</h2>
<p>An error has a status from 400 on and a body of this form. Every answer has the header <code>x-ms-request-id</code>.</p>
<pre tabindex="0">{"error": {"code": "BadArgument", "message": "Invalid argument provided.",
  "details": [{"code": "RequestBodyInvalid", "target": "", "message": "..."}]}}</pre>`
}
