import { codeSamples, jobRequest, placeholders } from '../code/samples.ts'
import { type Html, html } from '../html.ts'
import { table } from '../layout.ts'
import { type ApiView, endpointUrls } from '../view.ts'
import { jsonBlock, renderHelp, renderSamples } from './frame.ts'
import { renderColumns, renderErrors, renderParameters, renderRequest } from './request.ts'

/** The help page of BES: submit, start, status and results, delete. Source: the wire contract, section 3. */
export function jobsPage(api: ApiView): string {
  const { jobs } = endpointUrls(api)
  const job = `${jobs}/{job id}`
  return renderHelp(
    api,
    'jobs',
    html`<p>A job reads CSV files from blob storage and writes its results there. Submit it, start it, ask for its status
until it is at an end, then read its results.</p>
${submitting(api, jobs)}
<h2>Start the job</h2>
${renderRequest('POST', `${job}/start?api-version=2.0`, { label: 'start', body: false })}
<p>The request has no body. A job that is not started stays <code>NotStarted</code>.</p>
<h2>Get the status or the results</h2>
${renderRequest('GET', `${job}?api-version=2.0`, { label: 'status', body: false })}
${answers(api)}
<h2>Delete the job</h2>
${renderRequest('DELETE', `${job}?api-version=2.0`, { label: 'delete', body: false })}
<p>Cancels the job, also while it runs. A job at its end stays as it is.</p>
${renderErrors()}
${renderSamples(codeSamples('jobs', api))}`,
  )
}

function submitting(api: ApiView, url: string): Html {
  return html`<h2>Submit a job</h2>
${renderRequest('POST', `${url}?api-version=2.0`, { label: 'submit', body: true })}
${api.inputs.map((input) => renderColumns(input.name, input.columns))}
${renderParameters(api)}
<h3>Outputs</h3>
${table(
  'Outputs',
  ['Port', 'File'],
  api.outputs.map(({ name, kind }) => [html`<code>${name}</code>`, files[kind]]),
)}
<p>Outputs are optional: without them the results go to the workspace's own storage. A blob is named by
<code>ConnectionString</code> and <code>RelativeLocation</code>, or by <code>BaseLocation</code>,
<code>RelativeLocation</code> and <code>SasBlobToken</code>. A single input may be given as <code>Input</code> in place of
<code>Inputs</code>.</p>
<h3>Sample request</h3>
${jsonBlock(jobRequest(api, placeholders.storage))}
<h3>Sample answer</h3>
<p>Status 200, the id of the job.</p>
${jsonBlock('539d0bc2fde945b6ac986b851d0000f0')}`
}

const files = {
  model: 'a trained model, .ilearner',
  dataset: 'a data set, .csv',
  table: 'the scored rows, .csv',
} as const

function answers(api: ApiView): Html {
  const [first] = api.outputs
  const extension = first?.kind === 'model' ? 'ilearner' : 'csv'
  const location = {
    ConnectionString: null,
    RelativeLocation: `experimentoutput/8946abfd/8946abfd.${extension}`,
    BaseLocation: 'https://account.blob.core.windows.net/',
    SasBlobToken: '?sv=...&sr=b&sig=...&se=...&sp=r',
  }
  const results = first === undefined ? {} : { [first.name]: location }
  return html`<p>Status codes of a job are <code>NotStarted</code>, <code>Running</code>, <code>Failed</code>,
<code>Cancelled</code> and <code>Finished</code>. <code>Details</code> says why a job failed.</p>
<h3>Sample answer while it runs</h3>
${jsonBlock({ StatusCode: 'Running', Results: null, Details: null })}
<h3>Sample answer at the end</h3>
${jsonBlock({ StatusCode: 'Finished', Results: results, Details: null })}
<p>A result is read at its three parts in a row: BaseLocation, RelativeLocation, SasBlobToken. The token holds for less
than an hour; every GET brings a fresh one.</p>`
}
