import { type Html, html } from './html.ts'

/** One step of the way to a page; the last one, the page itself, has no path. */
export type Crumb = { label: string; path?: string }

/** A whole page. `script`: the file of /portal/assets that runs on it. */
export type Page = { title: string; crumbs: readonly Crumb[]; script: string; body: Html }

/** Where the pages' own files are served. */
export const assetsPath = '/portal/assets'

/** The page as it is sent. It asks for nothing from other hosts and holds no script and no style of its own. */
export function renderPage({ title, crumbs, script, body }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${assetsPath}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assetsPath}/portal.css">
<script type="module" src="${assetsPath}/${script}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="bar">
<a class="brand" href="/">Machine Learning web services</a>
<span class="tag">emulator</span>
</header>
<nav class="crumbs" aria-label="Breadcrumb">
<ol>
${crumbs.map(renderCrumb)}
</ol>
</nav>
<main id="content">
${body}
</main>
</body>
</html>
`
  return page.markup
}

function renderCrumb({ label, path }: Crumb): Html {
  if (path === undefined) return html`<li aria-current="page">${label}</li>`
  return html`<li><a href="${path}">${label}</a></li>`
}

/** A value that is read off and used elsewhere: an id or a URL, with a button that copies it (the script adds it). */
export function copyable(text: string): Html {
  return html`<code class="copyable">${text}</code>`
}

/** A list of facts; on wide windows the names stand left of the values. */
export function facts(entries: readonly (readonly [name: string, value: Html | string])[]): Html {
  return html`<dl class="facts">
${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>`
}

/** A table with a head; it scrolls sideways within itself. */
export function table(
  label: string,
  head: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
<table>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
</tbody>
</table>
</div>`
}
