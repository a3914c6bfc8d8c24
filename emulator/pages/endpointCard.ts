import { type Html, html } from './html.ts'
import { copyable, facts } from './layout.ts'
import { answersRequests, type EndpointView, helpPath, type ServiceView } from './view.ts'

/** An endpoint on the page of its web service: what it is, its help pages, and buttons that the script answers. */
export function renderEndpoint(service: ServiceView, endpoint: EndpointView): Html {
  const help = helpPath(service, endpoint)
  return html`<li class="card" data-name="${endpoint.name}" data-endpoint="${endpoint.id}">
<div class="card-head"><h3>${endpoint.name}</h3>${keepsModel(endpoint) ? html`<span class="tag">keeps the deployed model</span>` : undefined}</div>
${endpoint.description === '' ? undefined : html`<p>${endpoint.description}</p>`}
${facts(endpointFacts(endpoint))}
<div class="keys" hidden></div>
<p class="links">API help:
<a href="${help}/score">Request/Response</a>
<a href="${help}/jobs">Batch execution</a>
<a href="${help}/update">Update resource</a></p>
<div class="buttons">
${answersRequests(service) ? button(endpoint, 'test', 'Test') : undefined}
${button(endpoint, 'keys', 'Show keys')}
${endpoint.isDefault ? undefined : button(endpoint, 'refresh', 'Refresh')}
${endpoint.isDefault && service.endpointCount > 1 ? undefined : button(endpoint, 'delete', 'Delete')}
</div>
</li>`
}

/** The default endpoint of a predictive service can't be updated. */
function keepsModel({ isDefault, resources }: EndpointView): boolean {
  return isDefault && resources.length > 0
}

function endpointFacts(endpoint: EndpointView): [string, Html | string][] {
  const resources = endpoint.resources.join(', ')
  return [
    ['Endpoint ID', copyable(endpoint.id)],
    ['Throttle level', `${endpoint.throttleLevel}, ${endpoint.maxConcurrentCalls} calls at a time`],
    ['Logging level', endpoint.diagnosticsTraceLevel],
    ['Sample data', endpoint.sampleDataEnabled ? 'enabled' : 'not enabled'],
    ['Updatable resources', resources === '' ? 'none' : resources],
  ]
}

function button({ name }: EndpointView, action: string, label: string): Html {
  const look = action === 'test' ? 'primary' : action === 'delete' ? 'danger' : 'plain'
  return html`<button type="button" class="${look}" data-action="${action}" aria-label="${label}: ${name}">${label}</button>`
}
