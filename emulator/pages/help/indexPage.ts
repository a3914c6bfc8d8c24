import { type Html, html } from '../html.ts'
import { copyable, facts } from '../layout.ts'
import { type ApiView, answersRequests, endpointUrls, helpPath, servicePath } from '../view.ts'
import { renderHelp } from './frame.ts'

/** The page at an endpoint's HelpLocation: what it is, and the way to its three API pages. */
export function helpIndexPage(api: ApiView): string {
  const { service, endpoint } = api
  const base = helpPath(service, endpoint)
  return renderHelp(
    api,
    '',
    html`${endpointFacts(api)}
<div class="choices">
${choice(`${base}/score`, 'Request/Response', answersRequests(service) ? 'Scores rows and answers at once.' : 'Not for this web service: it trains a model.')}
${choice(`${base}/jobs`, 'Batch execution', 'Reads a CSV file from storage and writes its results there.')}
${choice(`${base}/update`, 'Update resource', endpoint.resources.length > 0 ? 'Installs a newly trained model in this endpoint.' : 'Not for this web service: it has no updatable resources.')}
</div>
<p>The keys of the endpoint are on <a href="${servicePath(service)}">the page of the web service</a>.
<a href="${endpointUrls(api).swagger}">The Swagger 2.0 document</a> describes the API for tools.</p>`,
  )
}

/** What an endpoint is: names, ids and its API location. */
export function endpointFacts(api: ApiView): Html {
  const { service, endpoint } = api
  return facts([
    ['Endpoint', endpoint.name],
    ...(endpoint.description === '' ? [] : [['Description', endpoint.description] as const]),
    ['Workspace ID', copyable(service.workspaceId)],
    ['Web service ID', copyable(service.id)],
    ['Endpoint ID', copyable(endpoint.id)],
    ['API location', copyable(endpointUrls(api).api)],
  ])
}

function choice(path: string, title: string, text: string): Html {
  return html`<a class="choice" href="${path}"><strong>${title}</strong> <span>${text}</span></a>`
}
