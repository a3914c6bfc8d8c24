import { html } from './html.ts'
import { renderPage } from './layout.ts'

/** What a browser sees where there is no such page. */
export function errorPage(message: string): string {
  const body = html`<h1>Not found</h1>
<p>${message}</p>
<p><a href="/">All web services</a></p>`
  const crumbs = [{ label: 'Web services', path: '/' }, { label: 'Not found' }]
  return renderPage({ title: 'Not found', crumbs, script: 'copy.js', body })
}
