import { codeSamples, placeholderLocation, updateRequest } from '../code/samples.ts'
import { type Html, html } from '../html.ts'
import { table } from '../layout.ts'
import { type ApiView, endpointUrls, servicePath } from '../view.ts'
import { jsonBlock, renderHelp, renderSamples } from './frame.ts'
import { renderErrors, renderRequest } from './request.ts'

/** What a client gets where nothing can be updated. Source: the wire contract, section 5. */
export const noUpdatableResources =
  'Sorry, but this feature is not supported or available in this context. This Web Service has no updatable resources.'

/** The help page of Update Resource: the PATCH and the names it takes. Source: retrain a classic web service. */
export function updatePage(api: ApiView): string {
  const { resources } = api.endpoint
  return renderHelp(api, 'update', resources.length === 0 ? nothingToUpdate() : updating(api))
}

function nothingToUpdate(): Html {
  return html`<p class="note">${noUpdatableResources}</p>
<p>Endpoints whose model can be updated belong to the predictive web service, whose name ends in
<code>[predictive exp.]</code>.</p>`
}

function updating(api: ApiView): Html {
  return html`${api.endpoint.isDefault ? defaultNote(api) : undefined}
<h2>Updatable Resources</h2>
${table(
  'Updatable Resources',
  ['Resource Name', 'Kind'],
  api.endpoint.resources.map((name) => [html`<code>${name}</code>`, 'Trained model']),
)}
<h2>Request</h2>
<p>PATCH URL:</p>
${renderRequest('PATCH', endpointUrls(api).patch, { label: 'update', body: true })}
<p>The workspace's token is taken too. <code>Name</code> is the Resource Name above; the location is the one that the
results of the finished training job give for the model. If the token has expired, get the job again for a fresh one.</p>
<h3>Sample request</h3>
${jsonBlock(updateRequest(api, placeholderLocation))}
<h2>Answer</h2>
<p>Status 200 without a body. The new model answers about 30 seconds later.</p>
${renderErrors()}
${renderSamples(codeSamples('update', api))}`
}

function defaultNote(api: ApiView): Html {
  return html`<p class="note">This is the default endpoint, which keeps the model that the web service was deployed
with: a PATCH of it is refused. <a href="${servicePath(api.service)}#add">Add an endpoint</a> and update that one.</p>`
}
