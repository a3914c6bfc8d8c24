import { renderDialogs } from './dialogs.ts'
import { renderEndpoint } from './endpointCard.ts'
import { type Html, html } from './html.ts'
import { copyable, facts, renderPage } from './layout.ts'
import { answersRequests, type EndpointView, type ServiceView, servicePath } from './view.ts'

/** Endpoints on one page. */
export const endpointsPerPage = 25

/** What the page of a web service shows: one page of the endpoints whose name has `search` in it, of `found` in all. */
export type ServicePageView = {
  service: ServiceView
  endpoints: readonly EndpointView[]
  search: string
  /** From 1. */
  page: number
  found: number
}

/**
 * The page of a web service: its ids, its endpoints with test and help, Manage. Without keys: the script asks the
 * management plane for them when a button is clicked.
 */
export function servicePage(view: ServicePageView): string {
  const { service } = view
  const body = html`<div data-workspace="${service.workspaceId}" data-service="${service.id}" id="service">
<h1>${service.name}</h1>
<p class="lead">${service.description}</p>
${facts([
  ['Kind', kinds[service.kind]],
  ['Workspace ID', copyable(service.workspaceId)],
  ['Web service ID', copyable(service.id)],
  ['Created', html`<time datetime="${service.createdAt}">${service.createdAt}</time>`],
])}
<p id="message" role="status" aria-live="polite"></p>
${renderEndpoints(view)}
${renderAddForm(service)}
</div>
${renderDialogs(answersRequests(service))}`
  const crumbs = [{ label: 'Web services', path: '/' }, { label: service.name }]
  return renderPage({ title: service.name, crumbs, script: 'portal.js', body })
}

const kinds = {
  training: 'Training web service (batch execution)',
  predictive: 'Predictive web service (request/response and batch execution)',
  transform: 'Web service (request/response and batch execution)',
} as const

function renderEndpoints(view: ServicePageView): Html {
  const { service, endpoints, search } = view
  const none =
    search === ''
      ? html`<p class="empty">This web service has no endpoints.</p>`
      : html`<p class="empty">No endpoint has <code>${search}</code> in its name.</p>`
  return html`<section id="endpoints" aria-labelledby="endpoints-title">
<h2 id="endpoints-title">Endpoints <span class="count">${service.endpointCount}</span></h2>
${service.endpointCount > endpointsPerPage ? renderSearch(view) : undefined}
${endpoints.length === 0 ? none : html`<ul class="cards">${endpoints.map((endpoint) => renderEndpoint(service, endpoint))}</ul>`}
${renderPages(view)}
</section>`
}

function renderSearch({ service, search }: ServicePageView): Html {
  return html`<form class="search" method="get" action="${servicePath(service)}" role="search">
<label for="q">Name contains</label>
<input id="q" name="q" type="search" value="${search}" maxlength="24" autocomplete="off">
<button>Find</button>
</form>`
}

function renderPages({ service, search, page, found }: ServicePageView): Html | undefined {
  const last = Math.ceil(found / endpointsPerPage)
  if (last <= 1) return undefined
  const link = (to: number, label: string) =>
    html`<a href="${servicePath(service)}?q=${encodeURIComponent(search)}&page=${to}">${label}</a>`
  return html`<nav class="pages" aria-label="Pages of endpoints">
${page > 1 ? link(page - 1, 'Previous') : undefined}
<span>Page ${page} of ${last}</span>
${page < last ? link(page + 1, 'Next') : undefined}
</nav>`
}

function renderAddForm(service: ServiceView): Html {
  const hint =
    service.kind === 'training'
      ? html`<p class="note">This is the training web service. To update a model, add the endpoint to the predictive web service.</p>`
      : undefined
  return html`<section aria-labelledby="add">
<h2 id="add">Add an endpoint</h2>
${hint}
<form id="add-form" class="form" autocomplete="off">
<div class="field"><label for="name">Name</label>
<input id="name" name="name" required maxlength="24" pattern="[a-z0-9]{1,24}" aria-describedby="name-hint" spellcheck="false">
<small id="name-hint">24 lower-case letters or digits at most</small></div>
<div class="field"><label for="description">Description</label>
<input id="description" name="description"></div>
<div class="field"><label for="logging">Logging level</label>
<select id="logging" name="logging"><option>None</option><option>Error</option><option>All</option></select></div>
<div class="field check"><input id="sample" name="sample" type="checkbox" checked>
<label for="sample">Sample data enabled</label></div>
<div class="field"><button class="primary">Add endpoint</button></div>
</form>
</section>`
}
