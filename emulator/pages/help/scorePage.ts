import { rowsAnswer, rowsRequest, tableAnswer, tableRequest } from '../bodies.ts'
import { codeSamples } from '../code/samples.ts'
import { type Html, html } from '../html.ts'
import { type ApiView, answersRequests, endpointUrls, helpPath } from '../view.ts'
import { jsonBlock, renderHelp, renderSamples } from './frame.ts'
import { renderColumns, renderErrors, renderParameters, renderRequest } from './request.ts'

/** The help page of RRS: request, sample bodies and answers, sample code. Source: the wire contract, section 2. */
export function scorePage(api: ApiView): string {
  return renderHelp(api, 'score', answersRequests(api.service) ? scoring(api) : batchOnly(api))
}

function batchOnly({ service, endpoint }: ApiView): Html {
  return html`<p class="note">This web service trains a model and writes it to a file, so it does not answer requests
one by one. Call it over <a href="${helpPath(service, endpoint)}/jobs">batch execution</a>.</p>`
}

function scoring(api: ApiView): Html {
  const tables = api.outputs.filter((output) => output.kind === 'table')
  return html`<h2>Request</h2>
${renderRequest('POST', endpointUrls(api).execute, { label: 'score', body: true })}
<p>Without <code>details=true</code> the answer leaves out <code>ColumnTypes</code>. With <code>format=swagger</code>
rows are objects, in the request and in the answer.</p>
${api.inputs.map((input) => renderColumns(input.name, input.columns))}
${renderParameters(api)}
<h3>Sample request</h3>
${jsonBlock(tableRequest(api))}
<h3>Sample request with <code>format=swagger</code></h3>
${jsonBlock(rowsRequest(api))}
<h2>Answer</h2>
<p>Status 200. Every cell is text, whatever its column's type.</p>
${tables.map((output) => renderColumns(output.name, output.columns))}
<h3>Sample answer</h3>
${jsonBlock(tableAnswer(api))}
<h3>Sample answer with <code>format=swagger</code></h3>
${jsonBlock(rowsAnswer(api))}
${renderErrors()}
${renderSamples(codeSamples('score', api))}`
}
